/**
 * Talks to the service; every failure comes back as a `Refusal` of one of a few kinds.
 */

// An answer takes well under a second; a weak line in a village may need many.
const PATIENCE_MS = 45000;

const KINDS = { 401: "signed_out", 403: "not_allowed", 404: "missing", 429: "busy", 503: "starting" };
// Where the status alone does not tell.
const CODES = { stale_page: "stale", too_many_askers: "crowded" };

/**
 * The service did not do what was asked. `kind` is one of offline, signed_out, stale, not_allowed,
 * missing, busy, crowded, starting, refused, broken; `message` may hold the service's own words.
 */
export class Refusal extends Error {
  constructor(kind, message = "") {
    super(message);
    this.kind = kind;
  }
}

/** One service, spoken to with the page's cookie on its own pages, else with a token in memory. */
export class Server {
  /** @param {string} origin of the service, for example https://ura.example */
  constructor(origin) {
    this.origin = origin;
    this._token = "";
    /** The language in which the service words its refusals. */
    this.language = "";
  }

  /** Whether the page around us belongs to the service and has signed the person in by cookie. */
  get own() {
    return this.origin === location.origin && this._csrf() !== null;
  }

  /** The words of one language. */
  async words(code) {
    return this._ask(`/api/words/widget?language=${encodeURIComponent(code)}`);
  }

  /** Who is signed in: name, role, role_name, language, rights. */
  async me() {
    return this._ask("/api/me");
  }

  /** The numbers and steps for immediate danger. */
  async emergency(code) {
    return this._ask(`/api/emergency?language=${encodeURIComponent(code)}`);
  }

  /** Say something in a conversation; returns the replies in Rasa's shape. */
  async say(sender, message, language) {
    return this._ask("/webhooks/rest/webhook", { sender, message, metadata: { language } });
  }

  /** What was said before in a conversation. */
  async history(sender) {
    return (await this._ask(`/api/conversations/${encodeURIComponent(sender)}`)).turns;
  }

  /** Say whether an answer helped. */
  async judge(sender, turn, helpful, reason) {
    const path = `/api/conversations/${encodeURIComponent(sender)}/feedback`;
    await this._ask(path, { turn, helpful, reason });
  }

  /** Keep the language with the account. */
  async speak(language) {
    await this._ask("/api/me/language", { language });
  }

  /** Sign in on a page that is not the service's own; the token stays in memory. */
  async signIn(name, password) {
    this._token = (await this._ask("/api/sign-in", { name, password })).token;
  }

  /** End the sign-in that `signIn` began. */
  async signOut() {
    try {
      await this._ask("/api/sign-out", {});
    } finally {
      this._token = "";
    }
  }

  /** The address of a page of the service. */
  page(path) {
    return new URL(path, this.origin).href;
  }

  async _ask(path, body) {
    const response = await this._send(path, body);
    if (!response.ok) throw await refusal(response);
    if (response.status === 204) return null;
    try {
      return await response.json();
    } catch {
      throw new Refusal("broken");
    }
  }

  async _send(path, body) {
    const patience = new AbortController();
    const alarm = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      return await fetch(this.page(path), {
        method: body ? "POST" : "GET",
        headers: this._headers(body),
        body: body ? JSON.stringify(body) : undefined,
        credentials: this.own ? "same-origin" : "omit",
        signal: patience.signal,
      });
    } catch {
      throw new Refusal("offline");
    } finally {
      clearTimeout(alarm);
    }
  }

  _headers(body) {
    const headers = { Accept: "application/json" };
    if (this.language) headers["Accept-Language"] = this.language;
    if (body) headers["Content-Type"] = "application/json";
    if (body && this.own) headers["X-CSRF-Token"] = this._csrf();
    if (!this.own && this._token) headers.Authorization = `Bearer ${this._token}`;
    return headers;
  }

  _csrf() {
    return document.querySelector("meta[name='ura-csrf']")?.content ?? null;
  }
}

/** @param {Response} response */
async function refusal(response) {
  const { code = "", message = "" } = await response.json().then((body) => body.error ?? {}, () => ({}));
  const unknown = response.status >= 500 ? "broken" : "refused";
  return new Refusal(CODES[code] ?? KINDS[response.status] ?? unknown, message);
}
