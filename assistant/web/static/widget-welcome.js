/**
 * What stands in an empty conversation: what Ura can do, what not to write, and first steps.
 */

import { el } from "./widget-dom.js";

// Which first questions each role is shown; everybody else gets the general ones.
const QUESTIONS_OF = {
  teacher: "school",
  school_psychologist: "school",
  educator: "kindergarten",
  probation: "probation",
  correctional: "prison",
  imam: "faith",
  preacher: "faith",
  social_worker: "social",
  municipal: "municipal",
  health: "health",
  ngo: "ngo",
};
const HOW_MANY = 3;

/**
 * @param {import("./widget-chat.js").Scene} scene
 * @param {{role?: string, rights?: string[]}|null} person
 */
export function welcome(scene, person) {
  const { words } = scene;
  const set = QUESTIONS_OF[person?.role] ?? "general";
  const keys = Array.from({ length: HOW_MANY }, (_, place) => `ask_${set}_${place + 1}`).filter((key) => words.has(key));
  const press = (text, payload, looks) => el("button", {
    class: `button ${looks}`, type: "button", onclick: () => scene.choose({ title: text, payload }),
  }, text);
  return el("section", { class: "welcome", "aria-labelledby": "welcome-title" },
    el("h2", { id: "welcome-title" }, words.say("welcome_title")),
    el("p", {}, words.say("welcome_text")),
    el("p", { class: "privacy" }, words.say("privacy")),
    el("h3", {}, words.say("suggestions")),
    el("div", { class: "choices choices--questions" }, keys.map((key) => press(words.say(key), words.say(key), "button--choice"))),
    (person?.rights ?? []).includes("refer") && [
      el("h3", {}, words.say("refer_title")),
      el("div", { class: "refer" },
        el("p", {}, words.say("refer_text")),
        press(words.say("start_referral"), "/start_referral", "button--primary")),
    ]);
}
