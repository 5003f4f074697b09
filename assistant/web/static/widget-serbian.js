/**
 * Shows Serbian Cyrillic in Latin letters, for display only; the same rules as knowledge/serbian.py.
 */

const LATIN = new Map(Object.entries({
  а: "a", б: "b", в: "v", г: "g", д: "d", ђ: "đ", е: "e", ж: "ž", з: "z", и: "i", ј: "j", к: "k",
  л: "l", м: "m", н: "n", о: "o", п: "p", р: "r", с: "s", т: "t", ћ: "ć", у: "u", ф: "f", х: "h",
  ц: "c", ч: "č", ш: "š",
}));
const DOUBLE = new Map(Object.entries({ љ: "lj", њ: "nj", џ: "dž" }));
const LETTER = /\p{L}/u;

for (const [cyrillic, latin] of [...LATIN]) LATIN.set(cyrillic.toUpperCase(), latin.toUpperCase());
for (const [cyrillic, latin] of DOUBLE) LATIN.set(cyrillic, latin);

/**
 * Return `text` with every Serbian Cyrillic letter in Latin; all else stays as it is.
 * A capital Љ, Њ or Џ becomes Lj or LJ as its neighbours do: Љубав is Ljubav, ЉУБАВ is LJUBAV.
 * @param {string} text
 */
export function toLatin(text) {
  if (!/[\u0400-\u04ff]/.test(text)) return text;
  const letters = [...text];
  return letters.map((letter, place) => {
    const small = letter.toLowerCase();
    if (letter !== small && DOUBLE.has(small)) return capitalPair(letters, place, DOUBLE.get(small));
    return LATIN.get(letter) ?? letter;
  }).join("");
}

/** The next letter decides the case of the pair; at the end of a word, the one before does. */
function capitalPair(letters, place, latin) {
  const next = letters[place + 1] ?? "";
  const neighbour = LETTER.test(next) ? next : letters[place - 1] ?? "";
  const upper = LETTER.test(neighbour) && neighbour !== neighbour.toLowerCase();
  return upper ? latin.toUpperCase() : latin[0].toUpperCase() + latin.slice(1);
}

/**
 * Return a Serbian `text` in the script of the reader `code`; other texts unchanged.
 * @param {string} text
 * @param {string} language of the text: sq, sr, sr-Latn, sr-Cyrl, en
 * @param {string} code of the reader
 */
export function inScriptOf(text, language, code) {
  return code === "sr-Latn" && base(language) === "sr" ? toLatin(text) : text;
}

/** The language without its script: sr for sr-Latn. */
export function base(code) {
  return (code ?? "").split("-")[0];
}

/** The lang attribute of `text` as it is shown, so that a screen reader speaks it right. */
export function spoken(text, language) {
  if (base(language) !== "sr") return language || null;
  return /[\u0400-\u04ff]/.test(text) ? "sr-Cyrl" : "sr-Latn";
}
