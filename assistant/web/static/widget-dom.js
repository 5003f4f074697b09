/**
 * Builds the widget's elements; text is always set as text, never read as markup.
 */

const SVG = "http://www.w3.org/2000/svg";

// Drawn on a 24 x 24 grid in the colour of the words beside them; all but the bridge are strokes.
const DRAWINGS = {
  send: ["M4 12h15", "M13 6l6 6-6 6"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  fresh: ["M12 5v14", "M5 12h14"],
  copy: ["M9 9h11v11H9z", "M5 15H4V4h11v1"],
  done: ["M5 12.5l4.5 4.5L19 7.5"],
  back: ["M20 12H5", "M11 6l-6 6 6 6"],
  phone: ["M6 3.5h3.5l1.5 4.5-2 1.5a12 12 0 0 0 5.5 5.5l1.5-2 4.5 1.5V18a2.5 2.5 0 0 1-2.5 2.5A15 15 0 0 1 3.5 6 2.5 2.5 0 0 1 6 3.5z"],
  part: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17z", "M12 3.5v17", "M12 8h6.5", "M12 12h8.5", "M12 16h6.5"],
  past: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17z", "M12 7.5v5l3.5 2"],
  bridge: ["M1 19v-7.4Q12 3.2 23 11.6V19h-3.8a7.2 7.2 0 0 0-14.4 0z"],
  document: ["M6 3.5h8l4 4v13H6z", "M14 3.5v4h4"],
};

/**
 * Make an element. A property that is null, undefined or false is left out; `on...` properties
 * become listeners; `true` is an attribute without a value. Children may be text, nodes, lists,
 * or nothing.
 * @param {string} tag
 * @param {Object<string, any>} [properties]
 * @param {...any} children
 * @returns {HTMLElement}
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/** A drawing that readers skip; the words beside it say what it means. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  const looks = { viewBox: "0 0 24 24", class: `icon icon--${name}`, "aria-hidden": "true", focusable: "false" };
  for (const [key, value] of Object.entries(looks)) drawing.setAttribute(key, value);
  for (const path of DRAWINGS[name]) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    drawing.append(line);
  }
  return drawing;
}

/** Words for screen readers only. */
export function unseen(text) {
  return el("span", { class: "unseen" }, text);
}

const BULLET = /^[-–•*]\s+/;

/**
 * Set text as paragraphs and, where lines begin with a dash or a bullet, as a list.
 * @param {string} text
 * @param {string[]} marked sentences of the text, in its order, to set off
 * @returns {HTMLElement[]}
 */
export function prose(text, marked = []) {
  const blocks = [];
  const waiting = marked.map((one) => one.replace(BULLET, ""));
  for (const line of text.split(/\n+/).map((one) => one.trim()).filter(Boolean)) {
    const set = setOff(line.replace(BULLET, ""), waiting);
    const last = blocks.at(-1);
    if (!BULLET.test(line)) blocks.push(el("p", {}, set));
    else if (last?.tagName === "UL") last.append(el("li", {}, set));
    else blocks.push(el("ul", {}, el("li", {}, set)));
  }
  return blocks;
}

/** Take from `waiting` the sentences that stand in `line`, and return the line with them marked. */
function setOff(line, waiting) {
  const parts = [];
  let from = 0;
  while (waiting.length > 0) {
    const at = line.indexOf(waiting[0], from);
    if (at < 0) break;
    const sentence = waiting.shift();
    parts.push(line.slice(from, at), el("mark", {}, sentence));
    from = at + sentence.length;
  }
  return [...parts, line.slice(from)];
}

/** The elements inside `root` that the Tab key reaches, in order. */
export function reachable(root) {
  const candidates = root.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']",
  );
  return [...candidates].filter((one) => !one.disabled && one.getClientRects().length > 0);
}
