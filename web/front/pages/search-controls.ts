/** Links and forms of a search: they show the result without loading the page. */

import { abort, canShow, show } from "./update";

const LINK = "a[data-update]";
const AUTOMATIC = "form[data-facets] :is(input, select), select[data-update]";
const FORMS = "form[data-facets], form.sort, form[role=search]";
const PAUSE_MS = 150; // between the clicks of somebody who chooses several things

let timer = 0;

export function startSearchControls(): void {
  document.addEventListener("click", followLink);
  document.addEventListener("change", chooseAutomatically);
  document.addEventListener("submit", submitForm);
}

/** Returns the address that a form leads to. Empty fields are left out. */
export function buildAddress(form: HTMLFormElement): string {
  const pairs = [...new FormData(form)].map(([key, value]) => [key, String(value).trim()]).filter(([, value]) => value);
  return `${form.action}?${new URLSearchParams(pairs)}`;
}

function followLink(event: MouseEvent): void {
  const link = find(event, LINK);
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented) return;
  const address = new URL(link.getAttribute("href")!, location.href).href; // `href` of a link in the map of states is no text
  if (!canShow(address)) return;
  event.preventDefault();
  void show(address, { focus: "heading" });
}

/** Shows the result of a choice: at once, or after a pause if the result of the choice before is still on its way. */
function chooseAutomatically(event: Event): void {
  const form = find<HTMLSelectElement>(event, AUTOMATIC)?.form;
  if (!form || !canShow(form.action)) return;
  clearTimeout(timer);
  const showChoice = () => void show(buildAddress(form), { focus: "field" });
  if (abort()) timer = window.setTimeout(showChoice, PAUSE_MS);
  else showChoice();
}

function submitForm(event: SubmitEvent): void {
  const form = find<HTMLFormElement>(event, FORMS);
  if (!form || event.defaultPrevented || !canShow(form.action)) return;
  event.preventDefault();
  clearTimeout(timer);
  form.closest("details.panel")?.removeAttribute("open"); // on a phone, the list is below it
  void show(buildAddress(form), { focus: "heading" });
}

const find = <Kind extends Element>(event: Event, selector: string) => (event.target as Element).closest<Kind>(selector);
