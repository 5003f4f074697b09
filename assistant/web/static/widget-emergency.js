/**
 * The panel for immediate danger: numbers to call, three things to do, the way back. Nothing else.
 */

import { el, icon } from "./widget-dom.js";

/** A modal panel over everything; it is asked for its numbers before it is needed. */
export class Emergency {
  /** @param {{onclose: () => void}} listeners */
  constructor({ onclose }) {
    this._title = el("h2", { id: "emergency-title", tabindex: "-1" });
    this._numbers = el("ul", { class: "numbers" });
    this._steps = el("ol", { class: "steps" });
    this._back = el("button", { class: "button button--plain", type: "button", onclick: () => this.element.close() });
    this.element = el("dialog", { class: "emergency", "aria-labelledby": "emergency-title" },
      el("div", { class: "emergency-page" }, this._title, this._numbers, this._steps, this._back));
    this.element.addEventListener("close", onclose);
    // Escape is for the panel on top; a floating window under it stays.
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
  }

  /**
   * Show the words of a language and what the service says; without it, where the numbers stand.
   * @param {import("./widget-words.js").Words} words
   * @param {{numbers: {name: string, number: string}[], steps: string[]}|null} panel
   * @param {string} page address of the same panel as a page of the service
   */
  fill(words, panel, page) {
    this._filled = Boolean(panel);
    this._title.textContent = words.say("emergency_title");
    this._back.replaceChildren(icon("back"), words.say("emergency_back"));
    this._steps.replaceChildren(...(panel?.steps ?? []).map((step) => el("li", {}, step)));
    this._show(panel?.numbers ?? []);
    if (!panel) {
      this._numbers.replaceChildren(el("li", {}, words.say("emergency_missing"), " ",
        el("a", { href: page }, words.say("emergency_page"))));
    }
  }

  /** Open over everything; the numbers that an answer brought help when ours did not load. */
  open(numbers = []) {
    if (!this._filled && numbers.length > 0) this._show(numbers);
    if (!this.element.open) this.element.showModal();
    this._title.focus();
  }

  _show(numbers) {
    this._numbers.replaceChildren(...numbers.map(({ name, number }) => el("li", {},
      el("a", { class: "call", href: `tel:${number.replace(/[^\d+]/g, "")}` },
        icon("phone"),
        el("span", { class: "call-words" },
          el("span", { class: "call-number" }, number), " ", el("span", { class: "call-name" }, name))))));
  }
}
