// Keys for lists that people work through all day: j and k move, Enter opens, ? shows the keys.
// They can be turned off (WCAG 2.1.4), because dictation software types single letters too.

const OFF = "ura-keys-off";

export function watchKeys(list, dialog) {
  const rows = [...list.querySelectorAll("a.row")];
  if (!rows.length) return;
  const box = dialog?.querySelector("#keys-on");
  if (box) {
    box.checked = !isOff();
    box.addEventListener("change", () => keep(!box.checked));
  }
  const current = rows.findIndex((row) => row.hasAttribute("aria-current"));
  document.addEventListener("keydown", (event) => {
    if (isOff() || isTyping(event) || document.querySelector("dialog[open]")) return;
    if (event.key === "?" && dialog) dialog.showModal();
    else if (event.key === "j" || event.key === "k") move(rows, current, event.key === "j" ? 1 : -1);
    else return;
    event.preventDefault();
  });
}

function move(rows, current, by) {
  const focused = rows.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : current;
  const to = from < 0 ? 0 : Math.min(Math.max(from + by, 0), rows.length - 1);
  rows[to].focus();
  rows[to].scrollIntoView({ block: "nearest" });
}

function isTyping(event) {
  const field = event.target.closest?.("input, select, textarea, [contenteditable]");
  return Boolean(field) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
}

function isOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

function keep(off) {
  try {
    if (off) localStorage.setItem(OFF, "yes");
    else localStorage.removeItem(OFF);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
