/**
 * The answer card: the words of approved documents, where they stand, and whether they helped.
 */

import { el, icon, prose, unseen } from "./widget-dom.js";
import { base, inScriptOf, spoken } from "./widget-serbian.js";

// The dot stays with the word before it when the line breaks.
const DOT = "\u00a0· ";
export const REASONS = ["wrong", "outdated", "not_for_my_role", "unclear", "language"];

/**
 * @typedef {{document: string, title: string, section?: string, page?: number|null,
 *   place?: number|null, version: number, language: string, quote: string, sentences?: string[],
 *   review?: string, valid_until?: string|null, out_of_date?: boolean}} Citation
 */

/**
 * @param {{status: string, language: string, turn?: any, citations: Citation[]}} data
 * @param {import("./widget-chat.js").Scene} scene
 */
export function answerCard(data, scene) {
  const { words } = scene;
  const [first, ...more] = data.citations;
  const others = more.map((citation) => figure(citation, data.language, scene));
  return el("article", { class: "card answer", "aria-label": words.say("answer_card") },
    data.status === "partly" && el("p", { class: "state" }, icon("part"), words.say("partly")),
    figure(first, data.language, scene),
    others.length > 0 && el("details", { class: "more" },
      el("summary", {}, words.say(others.length === 1 ? "more_one" : "more_several", { count: others.length })),
      others),
    data.turn !== undefined && data.turn !== null && feedback(data.turn, scene));
}

/** One citation: the quotation with its source under it. */
function figure(citation, asked, scene) {
  const { words } = scene;
  const shown = (text) => inScriptOf(text ?? "", citation.language, words.code);
  const quote = shown(citation.quote);
  const foreign = base(citation.language) !== base(asked || words.code);
  const key = `text_in_${base(citation.language)}`;
  return el("figure", { class: "citation" },
    citation.out_of_date && el("p", { class: "state" }, icon("past"),
      words.say("out_of_date", { day: words.day(citation.valid_until) })),
    foreign && words.has(key) && el("p", { class: "tongue" }, words.say(key)),
    el("blockquote", { lang: spoken(quote, citation.language) }, prose(quote, (citation.sentences ?? []).map(shown))),
    el("figcaption", {}, source(citation, shown, words), link(citation, shown(citation.title), scene)));
}

function source(citation, shown, words) {
  const title = shown(citation.title);
  const section = shown(citation.section);
  const place = [
    section && section !== title && section,
    citation.page && words.say("page", { page: citation.page }),
    words.say("version", { version: citation.version }),
  ].filter(Boolean).join(DOT);
  return [
    el("p", { class: "source" },
      el("cite", { lang: spoken(title, citation.language) }, title), DOT, place),
    citation.review === "starter" && el("p", { class: "mark" }, words.say("starter")),
  ];
}

function link(citation, title, scene) {
  const passage = citation.place ? `#p${citation.place}` : "";
  const path = `/sources/${encodeURIComponent(citation.document)}?version=${citation.version}${passage}`;
  const elsewhere = scene.server.own ? {} : { target: "_blank", rel: "noopener" };
  return el("a", { class: "open", href: scene.server.page(path), ...elsewhere },
    icon("document"), scene.words.say("open_document"), unseen(`: ${title}`),
    !scene.server.own && unseen(` (${scene.words.say("new_tab")})`));
}

/** Asks whether the answer helped; after "not helpful" also why. */
function feedback(turn, scene) {
  const { words } = scene;
  const group = el("div", { class: "feedback", role: "group", "aria-label": words.say("helpful_question") });
  let before = Promise.resolve();
  // One after another: the last word counts, so none may overtake it.
  const send = async (helpful, reason) => {
    const sent = before.then(() => scene.judge(turn, helpful, reason));
    before = sent.catch(() => {});
    try {
      await sent;
      if (helpful || reason) thank(group, words);
    } catch {
      group.append(el("p", { class: "refusal", role: "alert" }, words.say("feedback_failed")));
    }
  };
  const choice = (key, onclick) => el("button", { class: "button", type: "button", onclick }, words.say(key));
  group.append(
    el("span", { class: "feedback-question" }, words.say("helpful_question")),
    el("span", { class: "feedback-choices" },
      choice("helpful_yes", () => send(true, null)),
      choice("helpful_no", () => {
        askWhy(group, words, (reason) => send(false, reason));
        send(false, null);
      })));
  return group;
}

function askWhy(group, words, onreason) {
  const question = el("p", { class: "feedback-question", tabindex: "-1" }, words.say("reason_question"));
  group.replaceChildren(question, el("div", { class: "reasons" },
    REASONS.map((reason) => el("button", { class: "button button--choice", type: "button", onclick: () => onreason(reason) },
      words.say(`reason_${reason}`)))));
  question.focus();
}

function thank(group, words) {
  const thanks = el("p", { class: "feedback-question", tabindex: "-1" }, icon("done"), words.say("feedback_thanks"));
  group.replaceChildren(thanks);
  thanks.focus();
}
