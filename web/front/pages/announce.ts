/** Says something to people who use a screen reader. */

const CLEAR_MS = 50; // an assistive technology announces a text again only after it has been away

const region = document.createElement("div");
region.setAttribute("role", "status");
region.className = "visually-hidden";
document.body.append(region);

let timer = 0;

/** Announces a sentence when the screen reader has finished what it is saying. The last of several wins. */
export function announce(sentence: string): void {
  region.textContent = "";
  clearTimeout(timer);
  timer = window.setTimeout(() => (region.textContent = sentence), CLEAR_MS);
}
