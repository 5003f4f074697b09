/**
 * The cards of a referral: what will be sent, and what was sent.
 */

import { changeOf, dataOf } from "./widget-conversation.js";
import { el, icon, prose } from "./widget-dom.js";

export const SEND = "/send_referral";
export const CANCEL = "/cancel";

/**
 * Everything that will be sent, each answer with its own button to change it; then send or stop.
 * @param {{fields: {field: string, label: string, value: string}[]}} data
 * @param {import("./widget-conversation.js").Turn} turn with the last question and its buttons
 * @param {import("./widget-chat.js").Scene} scene
 */
export function summaryCard(data, turn, scene) {
  const { words } = scene;
  const offered = turn.replies.flatMap((reply) => reply.buttons ?? []);
  const place = turn.replies.findIndex((reply) => dataOf(reply) === data);
  const question = turn.replies.slice(place + 1).map((reply) => reply.text).filter(Boolean);
  const titleOf = (payload, key) => offered.find((one) => one.payload === payload)?.title ?? words.say(key);
  const press = (payload, key, looks) => el("button", {
    class: `button ${looks}`, type: "button", "data-payload": payload,
    onclick: () => scene.choose({ payload, title: titleOf(payload, key) }),
  }, titleOf(payload, key));
  return el("section", { class: "card summary", "aria-label": words.say("summary_title") },
    el("h2", {}, words.say("summary_title")),
    el("dl", {}, data.fields.map((one) => row(one, scene))),
    question.length > 0 && el("div", { class: "text" }, prose(question.join("\n"))),
    el("div", { class: "decide" },
      press(SEND, "send_referral", "button--primary"),
      press(CANCEL, "cancel_referral", "button--plain")));
}

/**
 * What was answered so far, each with its own button to change it; of a paused form without.
 * @param {{fields: {field: string, label: string, value: string}[]}} data
 * @param {import("./widget-chat.js").Scene} scene
 */
export function answersCard(data, scene) {
  const { words } = scene;
  const list = scene.form() ? data.fields.map((one) => row(one, scene))
    : data.fields.map(({ label, value }) => el("div", { class: "row" },
      el("dt", {}, label), el("dd", { class: "value" }, value)));
  return el("section", { class: "card summary", "aria-label": words.say("answers_title") }, el("dl", {}, list));
}

function row({ field, label, value }, scene) {
  const { words } = scene;
  const change = el("button", {
    class: "button button--quiet", type: "button", "aria-label": words.say("change_of", { label }),
    onclick: () => scene.choose({ payload: changeOf(field), title: words.say("change_of", { label }) }),
  }, words.say("change"));
  return el("div", { class: "row" }, el("dt", {}, label), el("dd", { class: "value" }, value), el("dd", {}, change));
}

/**
 * A referral that was logged: its number, to copy and to open.
 * @param {{number: string, status?: string}} data
 * @param {import("./widget-chat.js").Scene} scene
 */
export function referralCard(data, scene) {
  const { words, server } = scene;
  const said = el("span", { class: "unseen", role: "status" });
  const copy = el("button", { class: "button button--plain", type: "button", onclick: () => copied() },
    icon("copy"), el("span", {}, words.say("copy")));
  const copied = async () => {
    const done = await toClipboard(data.number, number);
    const key = done ? "copied" : "copy_selected";
    copy.replaceChildren(icon(done ? "done" : "copy"), el("span", {}, words.say(key)));
    said.textContent = words.say(key);
  };
  const number = el("span", { class: "number" }, data.number);
  const state = data.status && words.has(`status_${data.status}`) ? words.say(`status_${data.status}`) : "";
  const elsewhere = server.own ? {} : { target: "_blank", rel: "noopener" };
  return el("section", { class: "card referral", "aria-label": words.say("referral_number") },
    el("p", { class: "referral-label" }, words.say("referral_number"), state && el("span", { class: "pill" }, state)),
    el("p", {}, number),
    el("div", { class: "decide" }, copy,
      el("a", { class: "button button--plain", href: server.page(`/referrals/${encodeURIComponent(data.number)}`), ...elsewhere },
        words.say("open_referral"))),
    said);
}

/** Copy, or where the browser forbids it select the number for the person to copy. */
async function toClipboard(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}
