/**
 * The list of messages: what the person said and what came back, oldest first.
 */

import { answerCard } from "./widget-answer.js";
import { dataOf } from "./widget-conversation.js";
import { el, icon, prose, unseen } from "./widget-dom.js";
import { answersCard, CANCEL, referralCard, SEND, summaryCard } from "./widget-referral.js";

// The bar over the text box holds these two, always in the same place.
const IN_BAR = ["/go_back", CANCEL];
const CARD = ["answered", "partly"];
const ROOM_ABOVE = 16;

/** Shows turns; the buttons of older turns lose their effect. */
export class Messages {
  /** @param {import("./widget-chat.js").Scene} scene */
  constructor(scene) {
    this._scene = scene;
    /** What stands in the list for each turn. */
    this._shown = new Map();
    // How many buttons were explained: their words need names of their own.
    this._explained = 0;
    this.element = el("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
  }

  /** Show exactly these turns, without reading them out: they are not news. */
  showAll(turns) {
    this.element.setAttribute("aria-live", "off");
    this.element.setAttribute("aria-label", this._scene.words.say("log_label"));
    this.element.replaceChildren();
    this._shown.clear();
    for (const turn of turns) {
      this._retire();
      this._add(turn, this._said(turn.title || turn.said));
    }
    this.element.scrollTop = this.element.scrollHeight;
    requestAnimationFrame(() => this.element.setAttribute("aria-live", "polite"));
  }

  /** Show what the person says now; returns the element, to be taken back if it cannot be sent. */
  say(text) {
    const said = this._said(text);
    this._block(true);
    this.element.append(said);
    this._bringUp(said);
    return said;
  }

  /** Take back what could not be sent; the buttons work again. */
  takeBack(said) {
    said.remove();
    this._block(false);
  }

  /**
   * Add what came back to what was `said`; `settle` then shows both from their beginning, as a long
   * answer is read. What is none of `turns` any more goes: the answers of a form that has ended.
   */
  reply(turn, said, turns) {
    this._retire(turn.said);
    this._add(turn, said);
    for (const [one, elements] of this._shown) {
      if (!turns.includes(one)) this._take(one, elements);
    }
    this._newest = said;
  }

  /** Move to what came last, once everything around the list has found its height. */
  settle() {
    if (this._newest?.isConnected) this._bringUp(this._newest);
    this._newest = null;
  }

  _add(turn, said) {
    const replies = this._replies(turn);
    // Put there again, it would be read out again.
    if (!said.isConnected) this.element.append(said);
    this.element.append(replies);
    this._shown.set(turn, [said, replies]);
  }

  _take(turn, elements) {
    for (const element of elements) element.remove();
    this._shown.delete(turn);
  }

  _said(text) {
    const { words } = this._scene;
    // A payload that no button explains (after a reload) says nothing to a person.
    if (!text || text.startsWith("/")) return el("div", { class: "said said--silent" });
    return el("div", { class: "said" }, unseen(`${words.say("you")}: `), el("span", { class: "said-text" }, text));
  }

  _replies(turn) {
    const group = el("div", { class: "replies" }, unseen(`${this._scene.words.say("product")}: `));
    const kinds = turn.replies.map((reply) => dataOf(reply));
    const summary = kinds.findIndex((data) => data.kind === "summary");
    turn.replies.forEach((reply, place) => {
      // What is said after the summary is the question above its buttons.
      if (summary >= 0 && place > summary) return;
      const next = kinds[place + 1];
      const twin = next?.kind === "answer" && CARD.includes(next.status) && next.citations?.length > 0;
      if (reply.text && !twin) group.append(el("div", { class: "text" }, prose(reply.text)));
      const card = this._card(kinds[place], turn);
      if (card) group.append(card);
    });
    const choices = this._choices(turn, kinds);
    if (choices.length > 0) group.append(this._buttons(choices));
    return group;
  }

  _card(data, turn) {
    if (data.kind === "answer" && CARD.includes(data.status) && data.citations?.length > 0) return answerCard(data, this._scene);
    if (data.kind === "answers") return answersCard(data, this._scene);
    if (data.kind === "summary") return summaryCard(data, turn, this._scene);
    if (data.kind === "referral" && data.number) return referralCard(data, this._scene);
    return null;
  }

  /** The buttons of a turn, each once; what a card or the bar already offers is left out. */
  _choices(turn, kinds) {
    const summary = kinds.some((data) => data.kind === "summary");
    const elsewhere = (payload) => IN_BAR.includes(payload) && (summary || this._scene.form())
      || summary && (payload === SEND || payload.startsWith("/change_answer"));
    const seen = new Set();
    // A button to change what was noted stands behind the choices of the question.
    const offered = turn.replies.flatMap((reply) => reply.buttons ?? []);
    const changes = ({ payload }) => payload.startsWith("/change_answer");
    return [...offered.filter((one) => !changes(one)), ...offered.filter(changes)]
      .filter(({ payload }) => !elsewhere(payload) && !seen.has(payload) && seen.add(payload));
  }

  _buttons(choices) {
    return el("div", { class: "choices", role: "group", "aria-label": this._scene.words.say("choices") },
      choices.map((choice) => this._choice(choice)));
  }

  /** One button: its title and, where there is one, below it what that means, read out after it. */
  _choice(choice) {
    const button = el("button", {
      class: "button button--choice", type: "button", "data-payload": choice.payload,
      onclick: () => this._scene.choose(choice),
    });
    if (!choice.help) {
      button.append(choice.title);
      return button;
    }
    this._explained += 1;
    const [title, help] = [`title-${this._explained}`, `help-${this._explained}`];
    button.setAttribute("aria-labelledby", title);
    button.setAttribute("aria-describedby", help);
    button.append(el("span", { class: "choice-words" },
      el("span", { id: title }, choice.title),
      el("span", { class: "choice-help", id: help }, choice.help)));
    return button;
  }

  /** The latest buttons were used or passed by: mark the pressed one, switch all of them off. */
  _retire(pressed = "") {
    const buttons = this.element.querySelectorAll(".replies .choices button, .summary button");
    for (const button of buttons) {
      if (pressed && !button.dataset.over && button.dataset.payload === pressed) {
        button.classList.add("chosen");
        button.prepend(icon("done"));
      }
      button.dataset.over = "yes";
      button.disabled = true;
    }
  }

  _block(blocked) {
    for (const button of this.element.querySelectorAll(".choices button, .summary button")) {
      button.disabled = blocked || Boolean(button.dataset.over);
    }
  }

  /** Show `element` at the top. The list scrolls where the page gives it a height, else the page does. */
  _bringUp(element) {
    const list = this.element;
    if (list.scrollHeight > list.clientHeight + 1) list.scrollTop = element.offsetTop - ROOM_ABOVE;
    else element.scrollIntoView({ block: "nearest" });
  }
}
