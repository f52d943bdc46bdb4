/** Sentences for visitors. The server translates them: script_texts.html and search_map_places.html in web/pages/templates. */

type Values = Record<string, string | number>;

const locale = `${document.documentElement.lang}-US`; // as on the server: "1,234" in Spanish too
const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);

/** Returns a sentence with the values in place of "{name}". */
export function text(name: string, values: Values = {}): string {
  const templates = [...document.querySelectorAll("template")];
  const sentences = templates.map((template) => template.content.querySelector(`[data-text="${name}"]`)?.textContent);
  return (sentences.find(Boolean) ?? "").replace(/\{(\w+)\}/g, (_, key: string) => format(values[key] ?? ""));
}

/** Returns the sentence for this number of things, with the number in place of "{number}". */
export const count = (name: string, number: number): string =>
  text(`${name}-${plurals.select(number) === "one" ? "one" : "other"}`, { number });

export const format = (value: string | number) => (typeof value === "number" ? numbers.format(value) : value);
