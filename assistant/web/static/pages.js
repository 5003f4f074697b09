// What every page can do beyond HTML; each part works without the others, every page without all.
import { watchForms } from "./page-forms.js";
import { watchKeys } from "./page-keys.js";
import { foldMenu } from "./page-menu.js";

foldMenu(document.querySelector(".frame-header"));
watchForms(document);
for (const list of document.querySelectorAll("[data-rows]")) {
  watchKeys(list, document.getElementById("keys"));
}

// A link or button that opens a dialog; without this script the link leads to a page instead.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog?.showModal) return;
  event.preventDefault();
  if (!dialog.open) dialog.showModal();
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
for (const part of document.querySelectorAll("[data-needs-script]")) {
  part.hidden = false;
}
