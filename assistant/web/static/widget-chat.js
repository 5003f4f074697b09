/**
 * The talk itself: sends what the person says, shows what comes back, and loses nothing on the way.
 */

import { confirm } from "./widget-confirm.js";
import { Composer } from "./widget-composer.js";
import { Conversation, dataOf, heldIn } from "./widget-conversation.js";
import { el, icon } from "./widget-dom.js";
import { heldPanel } from "./widget-held.js";
import { Messages } from "./widget-messages.js";
import { CANCEL } from "./widget-referral.js";
import { signInPanel } from "./widget-sign-in.js";
import { welcome } from "./widget-welcome.js";

// A quick answer needs no "working" line; a flash of one would only disturb.
const QUIET_MS = 400;
// What failed can be tried again as it is; after other refusals something must change first.
const TRY_AGAIN = ["offline", "busy", "crowded", "starting", "broken"];

/**
 * What the cards need to know of the talk around them.
 * @typedef {{
 *   words: import("./widget-words.js").Words,
 *   server: import("./widget-server.js").Server,
 *   choose: (choice: {title: string, payload: string}) => void,
 *   judge: (turn: any, helpful: boolean, reason: string|null) => Promise<void>,
 *   form: () => {step: number, total: number, field?: string}|null,
 * }} Scene
 */

/** One talk with its list, its box and everything between them. */
export class Chat {
  /**
   * @param {import("./widget-server.js").Server} server
   * @param {import("./widget-memory.js").Memory} memory
   * @param {{onchange: () => void, onemergency: (numbers: any[]) => void}} listeners
   */
  constructor(server, memory, { onchange, onemergency }) {
    this._server = server;
    this._memory = memory;
    this._onchange = onchange;
    this._onemergency = onemergency;
    this._conversation = new Conversation(server, memory);
    /** The person signed in, null before. */
    this.person = null;
    /** @type {Scene} */
    this._scene = {
      words: null,
      server,
      choose: ({ payload, title }) => this.send(payload, payload === title ? "" : title),
      judge: (turn, helpful, reason) => this._conversation.judge(turn, helpful, reason),
      form: () => this._conversation.form,
    };
    this._messages = new Messages(this._scene);
    this._welcome = el("div", { class: "start", tabindex: "0" });
    this._panel = el("div", { class: "panel" });
    this._working = el("p", { class: "working", role: "status" });
    this._failure = el("div", { class: "failure", role: "alert" });
    this._held = el("div", { class: "held" });
    this._bar = el("div", { class: "bar", role: "group", hidden: true });
    this._composer = new Composer({ onsend: (text) => this.send(text), ondraft: (text) => { memory.draft = text; } });
    this.element = el("div", { class: "chat" }, this._welcome, this._messages.element, this._panel, this._working,
      el("div", { class: "foot" }, this._failure, this._held, this._bar, this._composer.element));
  }

  /** Whether anything was said yet. */
  get begun() {
    return this._conversation.turns.length > 0;
  }

  /** Show everything in the words of a language. */
  speak(words) {
    this._scene.words = words;
    this._messages.showAll(this._conversation.turns);
    this._failure.replaceChildren();
    this._arrange();
  }

  /** Find out who is here, load what was said, and send what waited for the sign-in. */
  async start() {
    this._composer.busy = true;
    try {
      this.person = await this._server.me();
      const before = this._memory.draft;
      this._memory.belongsTo(this.person.name);
      if (before && !this._memory.draft) this._composer.text = "";
      await this._conversation.load();
    } catch (refusal) {
      if (refusal.kind === "signed_out") this._askSignIn(this._memory.begun || this._memory.waiting);
      else this._fail(refusal, () => this.start());
      return;
    }
    this._known = true;
    this._composer.busy = false;
    this._panel.replaceChildren();
    this.speak(this._scene.words);
    this._onchange();
    const { draft, waiting } = this._memory;
    this._memory.waiting = false;
    if (waiting && draft) await this.send(draft);
    else if (!this._composer.text) this._composer.text = draft;
  }

  /**
   * Send typed text, or the payload of a button that read `title`.
   * @param {string} text
   * @param {string} [title]
   * @param {string} [typed] what goes back into the box where it cannot be sent
   */
  async send(text, title = "", typed = title ? "" : text) {
    if (this._conversation.sending) return;
    const active = this.element.getRootNode().activeElement;
    const byButton = this.element.contains(active) && !this._composer.element.contains(active);
    if (typed) this._memory.draft = typed;
    this._failure.replaceChildren();
    this._held.replaceChildren();
    this._show("talk");
    const said = this._messages.say(title || text);
    if (typed) this._composer.text = "";
    this._busy(true);
    try {
      const turn = await this._conversation.say(text, title, this._scene.words.code);
      if (turn && heldIn(turn.replies)) this._hold(turn, said, typed);
      else if (turn) this._answered(turn, said, typed, byButton);
    } catch (refusal) {
      this._messages.takeBack(said);
      if (typed) this._composer.text = typed;
      this._refused(refusal, text, title, typed);
      if (byButton) this._failure.querySelector("button")?.focus();
    } finally {
      this._busy(false);
      this._arrange();
      this._messages.settle();
    }
  }

  /** Begin an empty conversation; asks first when an unsent referral would be lost. */
  async startOver() {
    if (this._conversation.sending) return;
    if (this._conversation.form) {
      if (!await this._sure("restart")) return;
      // The service forgets the answers at once instead of after its days for drafts.
      this._server.say(this._memory.sender, CANCEL, this._scene.words.code).catch(() => {});
    }
    this._conversation.startOver();
    this._composer.text = "";
    this.speak(this._scene.words);
    this._onchange();
    this._welcome.focus();
  }

  /** The person has signed out: show and keep nothing. */
  forget() {
    this.person = null;
    this._memory.forget();
    this._conversation.startOver();
    this._composer.text = "";
    this.speak(this._scene.words);
    this._askSignIn(false);
  }

  /** Put the cursor where the person goes on. */
  focus() {
    const target = this._panel.querySelector("h2") ?? this._composer;
    target.focus();
  }

  _answered(turn, said, typed, byButton) {
    if (typed) this._memory.draft = "";
    this._messages.reply(turn, said, this._conversation.turns);
    if (byButton) this._messages.element.lastElementChild.focus({ preventScroll: true });
    const danger = turn.replies.map(dataOf).find((data) => data.kind === "answer" && data.status === "emergency");
    if (danger) this._onemergency(danger.numbers);
    this._onchange();
  }

  /** The message seems to identify somebody: it stays in the box until the person decides. */
  _hold(turn, said, typed) {
    this._messages.takeBack(said);
    this._composer.text = typed;
    this._held.replaceChildren(heldPanel(heldIn(turn.replies), this._scene.words, {
      onedit: () => { this._held.replaceChildren(); this._composer.focus(); },
      onsend: (payload, masked) => this.send(payload, masked, typed),
    }));
    this._held.querySelector("h2").focus();
  }

  _refused(refusal, text, title, typed) {
    if (refusal.kind === "signed_out") {
      this._memory.waiting = !title;
      this._pending = { text, title, typed };
      this._askSignIn(true);
    } else {
      this._fail(refusal, () => (title ? this.send(text, title, typed) : this._composer.element.requestSubmit()));
    }
  }

  _askSignIn(again) {
    this._panel.replaceChildren(signInPanel(this._scene, {
      again,
      kept: again && Boolean(this._memory.draft),
      onsigned: () => this._signedIn(),
    }));
    this._arrange();
    if (again) this._panel.querySelector("h2").focus();
  }

  async _signedIn() {
    const pending = this._pending;
    const owner = this.person?.name;
    this._pending = null;
    await this.start();
    // A pressed button goes on too, but only for the person who pressed it.
    if (pending?.title && this.person?.name === owner) await this.send(pending.text, pending.title, pending.typed);
    else this.focus();
  }

  _fail(refusal, again) {
    const { words } = this._scene;
    const kind = refusal.kind ?? "broken";
    const press = (key, onclick) => el("button", { class: "button button--plain", type: "button", onclick }, words.say(key));
    this._failure.replaceChildren(
      el("p", {}, kind === "refused" && refusal.message ? refusal.message : words.say(`failed_${kind}`)),
      TRY_AGAIN.includes(kind) ? press("retry", () => { this._failure.replaceChildren(); again(); }) : "",
      kind === "stale" ? press("reload", () => location.reload()) : "",
      kind === "missing" ? press("new_conversation", () => this.startOver()) : "");
  }

  _busy(busy) {
    this._composer.busy = busy;
    clearTimeout(this._patience);
    this._working.textContent = "";
    if (busy) {
      this._patience = setTimeout(() => {
        this._working.textContent = this._scene.words.say(this._conversation.form ? "saving" : "working");
      }, QUIET_MS);
    }
  }

  /** Show what fits the state: the welcome or the talk, the bar of an open form, the box. */
  _arrange() {
    const { words } = this._scene;
    const form = this._conversation.form;
    const asked = this._panel.childElementCount > 0;
    this._composer.speak(words, form);
    this._composer.element.hidden = asked && !this._memory.draft && !this._composer.text;
    this._fillBar(form);
    if (this.begun || this._conversation.sending) this._show("talk");
    // Whose first questions to show is not known before.
    else if (asked || !this._known) this._show("panel");
    else {
      this._welcome.replaceChildren(welcome(this._scene, this.person));
      this._show("start");
    }
  }

  _fillBar(form) {
    const { words } = this._scene;
    this._bar.hidden = !form;
    if (!form) return;
    const known = form.step > 0 && form.total > 0;
    this._bar.setAttribute("aria-label", words.say("form_title"));
    this._bar.replaceChildren(
      el("p", { class: "bar-title" }, el("span", { class: known && "wide" }, words.say("form_title")),
        known && el("span", { class: "progress" }, words.say("form_progress", form))),
      el("div", { class: "bar-buttons" },
        this._barButton("back", "form_back", () => this.send("/go_back", words.say("form_back"))),
        this._barButton("close", "form_cancel", () => this._cancel())));
  }

  /** A button with its full words on a wide screen, the first of them on a phone. */
  _barButton(drawing, key, onclick) {
    const { words } = this._scene;
    return el("button", { class: "button button--quiet", type: "button", "aria-label": words.say(key), onclick },
      icon(drawing),
      el("span", { class: "wide" }, words.say(key)),
      el("span", { class: "narrow" }, words.say(`${key}_short`)));
  }

  async _cancel() {
    if (await this._sure("cancel")) this.send(CANCEL, this._scene.words.say("form_cancel"));
  }

  _sure(what) {
    const { words } = this._scene;
    return confirm(this.element.getRootNode(), {
      title: words.say(`${what}_title`), text: words.say(`${what}_text`), yes: words.say(`${what}_yes`), no: words.say("go_on"),
    });
  }

  _show(what) {
    this._welcome.hidden = what !== "start";
    this._messages.element.hidden = what !== "talk";
  }
}
