/**
 * One conversation: what was said, what came back, and whether a referral is being filled in.
 *
 * Knows the service and the memory, nothing of how things look.
 */

/**
 * @typedef {{title: string, payload: string, help?: string}} Choice
 * @typedef {{text?: string, buttons?: Choice[], custom?: {data?: Object<string, any>}}} Reply
 * @typedef {{said: string, title: string, replies: Reply[]}} Turn
 */

// What a reply offers tells whether the form is open: these belong to a question of the form ...
const IN_FORM = ["/inform", "/go_back", "/send_referral", "/change_answer"];
// ... and this is only offered when none is open.
const OUTSIDE = "/start_referral";
// Offered where a form was paused.
const RESUME = "/resume";

/** Keeps the turns of the conversation that this tab is in. */
export class Conversation {
  /**
   * @param {import("./widget-server.js").Server} server
   * @param {import("./widget-memory.js").Memory} memory
   */
  constructor(server, memory) {
    this._server = server;
    this._memory = memory;
    /** @type {Turn[]} */
    this.turns = [];
    this.sending = false;
  }

  /** Load what was said before a reload; a conversation that is gone or another's begins anew. */
  async load() {
    if (!this._memory.begun) return;
    try {
      const turns = await this._server.history(this._memory.sender);
      this.turns = [];
      // What was said in a referral that is over was removed: nothing is left to show of it.
      const left = turns.filter(({ said, replies }) => said || replies.length > 0);
      for (const { said, replies } of left) this.turns.push(this._turn(said, "", replies));
    } catch (refusal) {
      if (refusal.kind !== "missing") throw refusal;
      this._memory.startOver();
    }
  }

  /**
   * Say `text`; `title` is what the pressed button read, empty for typed text. Returns the turn,
   * or null when another message is still on its way: a double click says a thing once.
   * @param {string} text
   * @param {string} title
   * @param {string} language
   * @returns {Promise<Turn|null>}
   */
  async say(text, title, language) {
    if (this.sending) return null;
    this.sending = true;
    const sender = this._memory.sender;
    try {
      const replies = await this._server.say(sender, text, language);
      if (sender !== this._memory.sender) return null;
      const turn = this._turn(text, title, replies);
      // Of a message that was held back the service keeps nothing either.
      if (heldIn(replies)) return turn;
      this._memory.begun = true;
      this.turns.push(turn);
      if (!this._state) this.turns = withoutForm(this.turns);
      return turn;
    } finally {
      this.sending = false;
    }
  }

  /** Leave this conversation and begin an empty one. */
  startOver() {
    this._memory.startOver();
    this.turns = [];
  }

  /** Say whether the answer of `turn` helped. */
  async judge(turn, helpful, reason = null) {
    await this._server.judge(this._memory.sender, turn, helpful, reason);
  }

  /** The open referral, as the latest question tells it: null, or {step, total, field} where known. */
  get form() {
    const state = this._state;
    return state?.paused ? null : state;
  }

  /** As `form`; of one that was paused {paused: true}. */
  get _state() {
    let form = null;
    for (const turn of this.turns) form = formAfter(turn, form);
    return form;
  }

  /** What a pressed button read: a reload brings back its payload only. */
  _turn(said, title, replies) {
    const choices = this.turns.flatMap((turn) => turn.replies.flatMap(choicesOf));
    const known = choices.findLast((choice) => choice.payload === said)?.title ?? "";
    return { said, title: title || known, replies };
  }
}

/** The data that a reply carries for the widget, empty for plain text. */
export function dataOf(reply) {
  return reply.custom?.data ?? {};
}

/** The reply by which the service holds a message back, null where it took it. */
export function heldIn(replies) {
  return replies.find((reply) => dataOf(reply).kind === "held") ?? null;
}

function choicesOf(reply) {
  const changes = (dataOf(reply).fields ?? []).map(({ field, label }) => ({
    title: label,
    payload: changeOf(field),
  }));
  return [...(reply.buttons ?? []), ...changes];
}

/** What to say to change the answer in one field of the referral. */
export function changeOf(field) {
  return `/change_answer${JSON.stringify({ field })}`;
}

/** The turns without those of a form that the last one ended: the service keeps none of them either. */
function withoutForm(turns) {
  const last = turns.at(-1);
  let form = null;
  return turns.filter((turn) => {
    const before = form;
    form = formAfter(turn, before);
    const inside = [before, form].some((one) => one && !one.paused);
    return turn === last || !(inside || turn.replies.some((reply) => dataOf(reply).kind === "answers"));
  });
}

function formAfter(turn, before) {
  const kinds = turn.replies.map((reply) => dataOf(reply).kind);
  const question = turn.replies.map(dataOf).findLast((data) => data.kind === "question");
  if (question) return { step: question.step ?? 0, total: question.total ?? 0, field: question.field };
  const offered = turn.replies.flatMap((reply) => reply.buttons ?? []).map(({ payload }) => payload);
  const asks = offered.some((payload) => IN_FORM.some((begin) => payload.startsWith(begin)));
  if (offered.includes(RESUME)) return { paused: true };
  if (asks || kinds.includes("summary")) return { step: 0, total: 0 };
  // A referral at the end of a turn was sent; an older one that was asked about is followed by the
  // form's question.
  if (offered.includes(OUTSIDE) || kinds.at(-1) === "referral") return null;
  return turn.said === OUTSIDE ? before ?? { step: 0, total: 0 } : before;
}
