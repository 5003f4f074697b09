/**
 * The element <ura-assistant>: Ura's chat, as a page of its own or floating over another page.
 *
 * Attributes: `server` (origin of the service; default: where this file came from), `language`
 * (sq, sr-Latn, sr-Cyrl, en; default: the page's), `mode` ("page" or "floating", the default).
 * Colours and corners are custom properties, listed at the top of widget.css.
 */

import { Chat } from "./widget-chat.js";
import { el, icon, reachable } from "./widget-dom.js";
import { Emergency } from "./widget-emergency.js";
import { Header } from "./widget-header.js";
import { Memory } from "./widget-memory.js";
import { Server } from "./widget-server.js";
import { firstSpoken, Words } from "./widget-words.js";

// In the order in which they may be overruled.
const STYLES = [
  "widget.css",
  "widget-talk.css",
  "widget-cards.css",
  "widget-referral.css",
  "widget-window.css",
  "widget-panels.css",
  "widget-held.css",
];
const FRAME_STYLE = "widget-page.css";
const NARROW = "(max-width: 479.98px)";
const AGAIN_MS = [1000, 3000, 9000];

/** Ura's chat as an element. */
export class UraAssistant extends HTMLElement {
  /** Build the element once it stands in a page. */
  connectedCallback() {
    if (this.shadowRoot) return;
    this._server = new Server(new URL(this.getAttribute("server") || "/", import.meta.url).origin);
    this._memory = new Memory(this._server.own);
    this._floating = this.getAttribute("mode") !== "page";
    // On the service's own chat page the frame has the name, the languages and the emergency button.
    this._framed = !this._floating && this._server.own;
    this._build();
    this._listen();
    this._begin();
  }

  /** Open the floating window. */
  open() {
    if (!this._floating || !this._words) return;
    this._window.hidden = false;
    this._launcher.hidden = true;
    this._launcher.setAttribute("aria-expanded", "true");
    this._start();
    // A phone's keyboard would cover what there is to read.
    if (matchMedia(NARROW).matches) this._header.title.focus();
    else this._chat.focus();
  }

  /** Close the floating window; the conversation stays. */
  close() {
    if (!this._floating) return;
    this._window.hidden = true;
    this._launcher.hidden = false;
    this._launcher.setAttribute("aria-expanded", "false");
    this._launcher.focus();
  }

  _build() {
    const root = this.attachShadow({ mode: "open" });
    this._chat = new Chat(this._server, this._memory, {
      onchange: () => this._speakHeader(),
      onemergency: (numbers) => this._emergency.open(numbers),
    });
    this._header = new Header({
      onlanguage: (code) => this._choose(code),
      onfresh: () => this._chat.startOver(),
      onemergency: () => this._emergency.open(),
      onsignout: () => this._signOut(),
      onclose: () => this.close(),
    });
    this._emergency = new Emergency({ onclose: () => this._window.hidden || this._chat.focus() });
    this._launcher = el("button", { class: "launcher", type: "button", "aria-expanded": "false", onclick: () => this.open() });
    this._window = el("div", { class: "window", hidden: this._floating, onkeydown: (event) => this._key(event) },
      this._header.element, this._chat.element);
    if (this._floating) {
      this._window.setAttribute("role", "dialog");
      this._window.setAttribute("aria-labelledby", "title");
    }
    this._window.classList.toggle("framed", this._framed);
    this._all = el("div", { class: "all", hidden: true }, this._floating && this._launcher, this._window, this._emergency.element);
    this._links = STYLES.map(styles);
    root.append(...this._links, this._all);
    if (this._framed) {
      this._links.push(styles(FRAME_STYLE));
      document.head.append(this._links.at(-1));
    }
  }

  _listen() {
    const narrow = matchMedia(NARROW);
    const fit = () => this._floating && this._window.setAttribute("aria-modal", String(narrow.matches));
    narrow.addEventListener("change", fit);
    fit();
    // Printing shows every source, also those that are folded on the screen.
    addEventListener("beforeprint", () => {
      for (const more of this.shadowRoot.querySelectorAll("details")) more.open = true;
    });
    // The page's own sign-out: the next person at this computer must find nothing.
    document.addEventListener("submit", ({ target }) => {
      if (this._server.own && new URL(target.action).pathname === "/sign-out") this._memory.forget();
    });
  }

  async _begin() {
    const page = this._server.own ? document.documentElement.lang : "";
    const code = firstSpoken([this.getAttribute("language"), page, ...navigator.languages]);
    await Promise.all([this._styled(), this._speakWith(code)]);
    this._all.hidden = false;
    if (!this._floating) this._start();
  }

  /** Wait for the styles, so that nothing is ever shown without them. */
  _styled() {
    return Promise.all(this._links.map((link) => new Promise((done) => {
      link.addEventListener("load", done);
      link.addEventListener("error", done);
    })));
  }

  /** Load the words of a language, as often as a weak line needs, and show everything in them. */
  async _speakWith(code) {
    let texts = null;
    for (let tried = 0; !texts; tried += 1) {
      try {
        texts = await this._server.words(code);
      } catch {
        await new Promise((done) => { setTimeout(done, AGAIN_MS[tried] ?? AGAIN_MS.at(-1)); });
      }
    }
    this._words = new Words(code, texts);
    this._server.language = code;
    this._all.lang = code;
    this._launcher.replaceChildren(icon("bridge"), el("span", {}, this._words.say("open")));
    this._speakHeader();
    this._chat.speak(this._words);
    this._prepareEmergency();
  }

  /** Have the numbers at hand before anybody needs them. */
  async _prepareEmergency() {
    const words = this._words;
    const page = this._server.page("/emergency");
    this._emergency.fill(words, null, page);
    try {
      const panel = await this._server.emergency(words.code);
      if (words === this._words) this._emergency.fill(words, panel, page);
    } catch {
      // The panel then shows where the numbers stand.
    }
  }

  _speakHeader() {
    if (!this._words) return;
    const signedIn = this._chat.person !== null;
    this._header.speak(this._words, { foreign: signedIn && !this._server.own, begun: this._chat.begun });
  }

  _start() {
    if (!this._started) this._chat.start();
    this._started = true;
  }

  async _choose(code) {
    await this._speakWith(code);
    if (this._chat.person) await this._server.speak(code).catch(() => {});
  }

  async _signOut() {
    await this._server.signOut().catch(() => {});
    this._chat.forget();
    this._speakHeader();
    this._chat.focus();
  }

  /** In the floating window Escape closes, and Tab goes round inside it. */
  _key(event) {
    if (!this._floating) return;
    if (event.key === "Escape") this.close();
    if (event.key !== "Tab") return;
    const stops = reachable(this._window);
    const last = event.shiftKey ? stops[0] : stops.at(-1);
    if (this.shadowRoot.activeElement !== last) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }
}

function styles(name) {
  return el("link", { rel: "stylesheet", href: new URL(name, import.meta.url).href });
}

if (!customElements.get("ura-assistant")) customElements.define("ura-assistant", UraAssistant);
