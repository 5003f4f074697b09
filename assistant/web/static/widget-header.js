/**
 * The widget's top: its name, the language, a new conversation, and the way to emergency help.
 */

import { el, icon } from "./widget-dom.js";
import { LANGUAGES } from "./widget-words.js";

/** The top of the widget. On the service's own chat page the page around it has most of this. */
export class Header {
  /**
   * @param {{onlanguage: (code: string) => void, onfresh: () => void, onemergency: () => void,
   *   onsignout: () => void, onclose: () => void}} listeners
   */
  constructor(listeners) {
    this.title = el("h2", { class: "title", id: "title", tabindex: "-1" });
    this._language = el("select", {
      id: "language", class: "languages", onchange: () => listeners.onlanguage(this._language.value),
    }, LANGUAGES.map(([code, name]) => el("option", { value: code, lang: code }, name)));
    this._label = el("label", { class: "unseen", for: "language" });
    this._fresh = el("button", { class: "button button--quiet fresh", type: "button", onclick: listeners.onfresh });
    this._out = el("button", { class: "button button--quiet", type: "button", hidden: true, onclick: listeners.onsignout });
    this.emergency = el("button", { class: "button emergency-button", type: "button", onclick: listeners.onemergency });
    this._close = el("button", { class: "button button--quiet close", type: "button", onclick: listeners.onclose });
    this.element = el("header", { class: "header" },
      el("div", { class: "header-row header-row--first" }, el("span", { class: "mark-of-ura" }, icon("bridge")), this.title,
        this.emergency, this._close),
      el("div", { class: "header-row header-row--second" }, el("span", { class: "language" }, this._label, this._language),
        this._out, this._fresh));
  }

  /** Show the words of a language; `foreign` adds the sign-out that the page around us lacks. */
  speak(words, { foreign, begun }) {
    this.title.textContent = words.say("product");
    this._label.textContent = words.say("language");
    this._language.value = words.code;
    this._fresh.replaceChildren(icon("fresh"), el("span", {}, words.say("new_conversation")));
    this._fresh.hidden = !begun;
    this._out.textContent = words.say("sign_out");
    this._out.hidden = !foreign;
    this.emergency.textContent = words.say("emergency");
    this._close.replaceChildren(icon("close"), el("span", { class: "unseen" }, words.say("close")));
  }
}
