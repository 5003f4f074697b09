/**
 * The box to write in: grows with the text, counts near the limit, sends on Enter.
 */

import { el, icon } from "./widget-dom.js";

export const LIMIT = 2000;
const COUNT_FROM = 1800;
const MOST_ROWS = 7;
const CONTACT = "referrer_contact";

/** A form with one text box; `onsend(text)` is called with what may be sent. */
export class Composer {
  /**
   * @param {{onsend: (text: string) => void, ondraft: (text: string) => void}} listeners
   */
  constructor({ onsend, ondraft }) {
    this._onsend = onsend;
    this._label = el("label", { for: "message", class: "composer-label" });
    this._counter = el("span", { class: "counter", id: "counter", hidden: true });
    this._spoken = el("span", { class: "unseen", "aria-live": "polite" });
    this._refusal = el("p", { class: "refusal", id: "refusal", role: "alert" });
    this._hint = el("p", { class: "hint", id: "message-hint" });
    this._box = el("textarea", {
      id: "message", rows: 1, autocomplete: "off", enterkeyhint: "send", "aria-describedby": "message-hint refusal",
      oninput: () => { this._look(); ondraft(this._box.value); },
      onkeydown: (event) => this._key(event),
    });
    this._send = el("button", { class: "button button--primary send", type: "submit" });
    this.element = el("form", { class: "composer", novalidate: true, onsubmit: (event) => this._submit(event) },
      this._refusal,
      el("div", { class: "composer-head" }, this._label, this._counter, this._spoken),
      el("div", { class: "composer-row" }, this._box, this._send),
      this._hint);
  }

  /** Show the words of a language; in an open `form` the box holds an answer, else a question. */
  speak(words, form) {
    this._words = words;
    this._label.textContent = words.say(form ? "answer_label" : "message_label");
    // One answer is an address or a number: the sender's own, at work.
    const hint = form?.field === CONTACT ? "contact_short" : "privacy_short";
    this._hint.replaceChildren(words.say(hint), " ", el("span", { class: "keys" }, words.say("message_keys")));
    this._send.replaceChildren(el("span", {}, words.say("send")), icon("send"));
    this._look();
  }

  get text() {
    return this._box.value;
  }

  set text(text) {
    this._box.value = text;
    this._look();
  }

  /** Hold still while a message is on its way; the text stays readable. */
  set busy(busy) {
    this._box.readOnly = busy;
    this._send.disabled = busy;
    this.element.classList.toggle("busy", busy);
  }

  focus() {
    this._box.focus();
  }

  _submit(event) {
    event.preventDefault();
    if (this._send.disabled) return;
    const refusal = this._objection(this._box.value);
    this._refuse(refusal);
    if (refusal) this._box.focus();
    else this._onsend(this._box.value.trim());
  }

  /**
   * Why `text` cannot be sent as it is, in the person's words; empty when it can. Every check that
   * looks at a text before it leaves the browser belongs here.
   */
  _objection(text) {
    const over = length(text.trim()) - LIMIT;
    if (over > 0) return this._words.say("too_long", { limit: LIMIT, over });
    return text.trim() ? "" : this._words.say("empty");
  }

  _refuse(refusal) {
    this._refusal.textContent = refusal;
    if (refusal) this._box.setAttribute("aria-invalid", "true");
    else this._box.removeAttribute("aria-invalid");
  }

  _key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.element.requestSubmit();
  }

  _look() {
    const count = length(this._box.value);
    const near = count >= COUNT_FROM;
    this._counter.hidden = !near;
    this._counter.classList.toggle("over", count > LIMIT);
    if (this._words) {
      this._counter.textContent = near ? this._words.say("counter", { count, limit: LIMIT }) : "";
      // Read out at every hundred only: a voice that counts each letter drowns the text.
      if (near && count % 100 === 0) this._spoken.textContent = this._counter.textContent;
      const over = count > LIMIT;
      if (over || this._refusal.textContent) this._refuse(over ? this._objection(this._box.value) : "");
    }
    this._grow();
  }

  _grow() {
    this._box.rows = 1;
    const style = getComputedStyle(this._box);
    const line = Number.parseFloat(style.lineHeight) || 24;
    const inside = this._box.scrollHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom);
    this._box.rows = Math.min(MOST_ROWS, Math.max(1, Math.round(inside / line) || 1));
  }
}

/** Characters as the service counts them: an emoji is one. */
function length(text) {
  return [...text].length;
}
