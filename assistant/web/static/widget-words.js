/**
 * The widget's words in the reader's language, as the service sends them.
 */

/** Each language by its own name in its own script, as in config/languages.yml. */
export const LANGUAGES = [
  ["sq", "Shqip"],
  ["sr-Latn", "Srpski"],
  ["sr-Cyrl", "Српски"],
  ["en", "English"],
];

/** Speaks one language: `words.say("page", { page: 3 })`. */
export class Words {
  /**
   * @param {string} code sq, sr-Latn, sr-Cyrl or en
   * @param {Object<string, string>} texts
   */
  constructor(code, texts) {
    this.code = code;
    this._texts = texts;
  }

  /** Return the text of `key` with {name} filled in; the key itself shows a text that is missing. */
  say(key, values = {}) {
    const text = this._texts[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (blank, name) => String(values[name] ?? blank));
  }

  /** Return a day such as "2025-12-31" with the month in words. */
  day(iso) {
    const [year, month, day] = iso.split("-").map(Number);
    return this.say("day", { day, month: this.say(`month_${month}`), year });
  }

  /** Whether there is a text for `key`. */
  has(key) {
    return key in this._texts;
  }
}

/**
 * Return the language to begin with: the first of `wishes` that we speak, else Albanian.
 * A browser's "sr" is Cyrillic, its default script; Bosnian and Croatian readers get Serbian Latin.
 * @param {(string|null|undefined)[]} wishes
 */
export function firstSpoken(wishes) {
  for (const wish of wishes) {
    const code = spokenCode(wish ?? "");
    if (code) return code;
  }
  return "sq";
}

function spokenCode(wish) {
  const small = wish.toLowerCase();
  const exact = LANGUAGES.find(([code]) => code.toLowerCase() === small);
  if (exact) return exact[0];
  const main = small.split("-")[0];
  if (small.startsWith("sr-latn") || small === "sr-me") return "sr-Latn";
  if (main === "sr") return "sr-Cyrl";
  if (["bs", "hr", "sh", "cnr"].includes(main)) return "sr-Latn";
  return LANGUAGES.find(([code]) => code === main)?.[0] ?? "";
}
