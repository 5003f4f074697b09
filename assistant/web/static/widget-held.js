/**
 * A message that was held back because it seems to identify somebody: what was found, and two ways on.
 */

import { dataOf } from "./widget-conversation.js";
import { el, unseen } from "./widget-dom.js";

/**
 * Show what was found in the message. Nothing of it is kept until the person sends it on purpose.
 * @param {any} reply by which the service holds it back
 * @param {import("./widget-words.js").Words} words
 * @param {{onedit: () => void, onsend: (payload: string, masked: string) => void}} listeners
 */
export function heldPanel(reply, words, { onedit, onsend }) {
  const { parts, masked } = dataOf(reply);
  const { payload } = reply.buttons.at(-1);
  const press = (looks, key, onclick) => el("button", { class: `button ${looks}`, type: "button", onclick }, words.say(key));
  return el("div", { class: "held-box", role: "group", "aria-labelledby": "held-title" },
    el("h2", { id: "held-title", tabindex: "-1" }, words.say("held_title")),
    el("p", {}, words.say("held_text")),
    el("p", { class: "held-message", tabindex: "0" }, parts.map(({ text, kind, name }) => (kind
      ? el("mark", {}, text, unseen(` (${name})`), el("span", { class: "held-kind", "aria-hidden": "true" }, name))
      : text))),
    el("div", { class: "decide" },
      press("button--primary", "held_edit", onedit),
      press("button--plain", "held_send", () => onsend(payload, masked))));
}
