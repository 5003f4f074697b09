// Folds the header's menu behind one button where the screen is narrow; pages.css hides the button
// elsewhere. The button is named by the label of the menu it opens.

export function foldMenu(header) {
  const menu = header?.querySelector(".frame-nav");
  if (!menu) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "menu-button";
  button.setAttribute("aria-label", menu.getAttribute("aria-label"));
  const show = (open) => {
    header.dataset.menu = open ? "open" : "closed";
    button.setAttribute("aria-expanded", String(open));
  };
  show(false);
  button.addEventListener("click", () => show(header.dataset.menu === "closed"));
  header.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || header.dataset.menu === "closed") return;
    show(false);
    button.focus();
  });
  menu.before(button);
}
