/** Replaces the parts of a search page by those of another, and keeps what the visitor has opened and where the focus is. */

const PARTS = [".understood", ".columns"];
/** What has an address with the current search in it. */
const LINKS = "header a[hreflang]";

export const isSearchPage = (page: Document): boolean => PARTS.every((part) => page.querySelector(part));

/** Whether the page has the button to leave it quickly, which works from when the page is loaded. */
export const hasExit = (page: Document): boolean => page.querySelector("[data-exit]") !== null;

/** Replaces the parts. Moves the focus to the heading, or leaves it in the field that has it. */
export function replaceParts(page: Document, focus: "heading" | "field"): void {
  const field = focus === "field" ? describeField(document.activeElement) : null;
  copyOpenDetails(page);
  keepElements(page);
  for (const part of PARTS) document.querySelector(part)!.replaceWith(page.querySelector(part)!);
  copyLinks(page);
  copyWords(page);
  document.title = page.title;
  if (!field || !restoreField(field)) document.querySelector<HTMLElement>("#count")?.focus();
}

interface Field {
  selector: string;
  /** Somebody may be typing it. */
  value: string;
  /** Where it is in the window, in pixels. */
  top: number;
}

/** Returns how to find the field again. Null if the element is none. */
function describeField(element: Element | null): Field | null {
  if (!(element instanceof HTMLInputElement || element instanceof HTMLSelectElement)) return null;
  const value = element.type === "checkbox" ? `[value="${CSS.escape(element.value)}"]` : "";
  const selector = `main [name="${CSS.escape(element.name)}"]${value}:not([type=hidden])`;
  return { selector, value: element.value, top: element.getBoundingClientRect().top };
}

/** Returns whether the field is there and has the focus. It stays where it was in the window. */
function restoreField({ selector, value, top }: Field): boolean {
  const field = document.querySelector<HTMLInputElement | HTMLSelectElement>(selector);
  if (!field) return false;
  if (field.type === "text") field.value = value;
  field.focus({ preventScroll: true });
  scrollBy({ top: field.getBoundingClientRect().top - top, behavior: "instant" });
  return document.activeElement === field;
}

function copyOpenDetails(page: Document): void {
  const open = new Map(
    [...document.querySelectorAll<HTMLDetailsElement>("main details")].map((each) => [identify(each), each.open]),
  );
  for (const details of page.querySelectorAll<HTMLDetailsElement>("main details"))
    details.open = open.get(identify(details)) ?? details.open;
}

/** Returns a name for a list that can be opened: the choice that it is below, or its group. */
function identify(details: HTMLDetailsElement): string {
  const choice = details.closest("li")?.querySelector("input");
  if (choice) return `${choice.name}=${choice.value}`;
  return details.id || (details.closest("fieldset")?.querySelector("legend")?.textContent ?? "");
}

/** Moves elements with `data-keep`, such as the map of places, into the other page, and gives them the data of that page. */
function keepElements(page: Document): void {
  for (const element of document.querySelectorAll<HTMLElement>("main [data-keep]")) {
    const place = page.getElementById(element.id);
    if (!place) continue;
    Object.assign(element.dataset, { ...place.dataset });
    place.replaceWith(element);
  }
}

function copyLinks(page: Document): void {
  const links = [...page.querySelectorAll<HTMLAnchorElement>(LINKS)];
  document
    .querySelectorAll<HTMLAnchorElement>(LINKS)
    .forEach((link, index) => link.setAttribute("href", links[index]?.getAttribute("href") ?? link.href));
}

/** Shows the words of the search in the search box, unless somebody is typing there. */
function copyWords(page: Document): void {
  const [box, words] = [document, page].map((each) => each.querySelector<HTMLInputElement>("#words"));
  if (box && words && document.activeElement !== box) box.value = words.value;
}
