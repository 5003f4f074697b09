/**
 * What the widget keeps while the tab is open: which conversation, whose, and the unsent text.
 *
 * On the service's own pages it survives a reload; elsewhere it lives in memory only. Nothing here
 * outlasts the tab, and a draft is shown to nobody but the person who wrote it.
 */

const KEY = "ura-conversation";

/** One tab's memory. */
export class Memory {
  /** @param {boolean} survivesReload */
  constructor(survivesReload) {
    this._store = survivesReload ? storage() : null;
    this._kept = this._read();
  }

  /** The conversation's name towards the service; random, made at first use. */
  get sender() {
    if (!this._kept.sender) this._keep({ sender: randomName() });
    return this._kept.sender;
  }

  /** Whether there may be something to load for this conversation. */
  get begun() {
    return Boolean(this._kept.begun);
  }

  set begun(begun) {
    this._keep({ begun });
  }

  /** The text that was typed and not sent yet. */
  get draft() {
    return this._kept.draft ?? "";
  }

  set draft(draft) {
    this._keep({ draft });
  }

  /** Whether the draft was sent when the sign-in had ended, and waits to go on. */
  get waiting() {
    return Boolean(this._kept.waiting);
  }

  set waiting(waiting) {
    this._keep({ waiting });
  }

  /** Say who is here. What another person left in this tab is forgotten first. */
  belongsTo(name) {
    if (this._kept.person && this._kept.person !== name) this.forget();
    this._keep({ person: name });
  }

  /** Begin a new conversation for the same person. */
  startOver() {
    this._kept = { person: this._kept.person };
    this._keep({});
  }

  /** Forget everything: the person has signed out. */
  forget() {
    this._kept = {};
    this._keep({});
  }

  _read() {
    try {
      return JSON.parse(this._store?.getItem(KEY) ?? "{}");
    } catch {
      return {};
    }
  }

  _keep(changes) {
    Object.assign(this._kept, changes);
    try {
      this._store?.setItem(KEY, JSON.stringify(this._kept));
    } catch {
      // A full or forbidden storage: the conversation goes on without surviving a reload.
    }
  }
}

function storage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `web-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
