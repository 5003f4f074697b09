/**
 * Asks the person to sign in (again) without losing what they wrote.
 */

import { el } from "./widget-dom.js";

/**
 * On the service's own pages a link to the sign-in page, elsewhere a small form.
 * @param {import("./widget-chat.js").Scene} scene
 * @param {{again: boolean, kept: boolean, onsigned: () => void}} state `kept` says that a text waits
 */
export function signInPanel(scene, { again, kept, onsigned }) {
  const { words, server } = scene;
  return el("section", { class: "card sign-in", "aria-labelledby": "sign-in-title" },
    el("h2", { id: "sign-in-title", tabindex: "-1" }, words.say(again ? "signed_out_title" : "sign_in_title")),
    el("p", {}, words.say(again ? "signed_out_text" : "sign_in_text"), kept && ` ${words.say("text_kept")}`),
    server.own
      ? el("p", {}, el("a", { class: "button button--primary", href: server.page("/sign-in?next=/") }, words.say("sign_in")))
      : form(scene, onsigned));
}

function form({ words, server }, onsigned) {
  const name = el("input", { id: "name", name: "name", autocomplete: "username", required: true, autocapitalize: "none", spellcheck: "false" });
  const password = el("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true });
  const refusal = el("p", { class: "refusal", role: "alert" });
  const submit = el("button", { class: "button button--primary", type: "submit" }, words.say("sign_in"));
  const onsubmit = async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    refusal.textContent = "";
    try {
      await server.signIn(name.value, password.value);
      onsigned();
    } catch ({ kind, message }) {
      refusal.textContent = kind === "signed_out" ? words.say("wrong_credentials") : message || words.say(`failed_${kind}`);
      password.value = "";
      password.focus();
    } finally {
      submit.disabled = false;
    }
  };
  return el("form", { class: "sign-in-form", onsubmit, novalidate: true }, refusal,
    el("label", { for: "name" }, words.say("name")), name,
    el("label", { for: "password" }, words.say("password")), password, submit);
}
