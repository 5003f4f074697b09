/**
 * Asks before something is lost.
 */

import { el } from "./widget-dom.js";

/**
 * Show a question over everything; true when the person presses `yes`, false for `no` and Escape.
 * @param {ParentNode} root
 * @param {{title: string, text: string, yes: string, no: string}} words
 * @returns {Promise<boolean>}
 */
export function confirm(root, { title, text, yes, no }) {
  return new Promise((answer) => {
    const press = (value, looks, words) => el("button", { class: `button ${looks}`, type: "submit", value }, words);
    const dialog = el("dialog", { class: "confirm", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
      el("form", { method: "dialog" },
        el("h2", { id: "confirm-title" }, title),
        el("p", { id: "confirm-text" }, text),
        el("div", { class: "decide" }, press("no", "button--primary", no), press("yes", "button--plain", yes))));
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    root.append(dialog);
    dialog.showModal();
  });
}
