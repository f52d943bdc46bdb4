/**
 * Suggestions below the search box, as a combobox with a list:
 * https://www.w3.org/WAI/ARIA/apg/patterns/combobox/examples/combobox-autocomplete-list/
 */

import { announce } from "./announce";
import { markWords } from "./matching-text";
import { loadSuggestions, type Suggestion } from "./suggestion-source";
import { count, text } from "./texts";
import { canShow, show } from "./update";

const PAUSE_MS = 120; // between keys, before a request
const MIN_LENGTH = 2;

export function startSuggestions(): void {
  const input = document.querySelector<HTMLInputElement>("#words");
  if (input?.form) new Combobox(input, input.form);
}

class Combobox {
  private readonly list = document.createElement("ul");
  private suggestions: Suggestion[] = [];
  private active = -1;
  private timer = 0;
  private request: AbortController | undefined;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly form: HTMLFormElement,
  ) {
    this.list.id = "suggestions";
    this.list.className = "suggestions";
    this.list.hidden = true;
    setAttributes(this.list, { role: "listbox", "aria-label": text("suggestions") });
    setAttributes(input, {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    });
    input.after(this.list);
    input.addEventListener("input", () => this.schedule());
    input.addEventListener("keydown", (event) => this.handleKey(event));
    input.addEventListener("blur", () => this.close());
    form.addEventListener("submit", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // so that the input keeps the focus
    this.list.addEventListener("click", (event) => this.choose(this.options.indexOf((event.target as Element).closest("li")!)));
  }

  private get options(): HTMLLIElement[] {
    return [...this.list.children] as HTMLLIElement[];
  }

  private schedule(): void {
    this.request?.abort();
    clearTimeout(this.timer);
    if (this.input.value.trim().length < MIN_LENGTH) this.close();
    else this.timer = window.setTimeout(() => void this.load(this.input.value.trim()), PAUSE_MS);
  }

  /** Shows suggestions. If there is no answer, those of before disappear; the search works without them. */
  private async load(words: string): Promise<void> {
    this.request = new AbortController();
    const { signal } = this.request;
    try {
      const suggestions = await loadSuggestions(words, signal);
      if (!signal.aborted && document.activeElement === this.input) this.open(suggestions, words);
    } catch {
      if (!signal.aborted) this.close();
    }
  }

  private open(suggestions: Suggestion[], words: string): void {
    this.suggestions = suggestions;
    const rows = suggestions.map((suggestion) => buildRow(markWords(suggestion.label, words), suggestion.details));
    this.list.replaceChildren(...rows, buildRow([new Text(text("search-all", { words }))]));
    this.options.forEach((option, index) =>
      setAttributes(option, { role: "option", id: `suggestion-${index}`, "aria-selected": "false" }),
    );
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.activate(-1);
    announce(count("suggestions", suggestions.length));
  }

  /** Closes the list, also if its suggestions are still on their way. */
  private close(): void {
    clearTimeout(this.timer);
    this.request?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  private handleKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.list.hidden) this.schedule();
    else if (step) this.move(step);
    else if (event.key === "Enter" && this.active >= 0) this.choose(this.active);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
  }

  /** Moves through the list and, between its end and its start, through the input. */
  private move(step: number): void {
    const places = this.options.length + 1;
    this.activate(((this.active + 1 + step + places) % places) - 1);
  }

  private activate(index: number): void {
    this.active = index;
    this.options.forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    const option = this.options[index];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  private choose(index: number): void {
    const suggestion = this.suggestions[index];
    this.close();
    if (!suggestion) return this.form.requestSubmit();
    const address = new URL(suggestion.address, this.form.action).href;
    if (canShow(address)) void show(address, { focus: "heading" });
    else location.assign(address);
  }
}

function buildRow(label: Node[], details = ""): HTMLLIElement {
  const row = document.createElement("li");
  row.append(...label);
  if (details) row.append(Object.assign(document.createElement("small"), { textContent: details }));
  return row;
}

function setAttributes(element: Element, attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
