/** Buttons that print the page. Without a script, they are hidden. */

import { UPDATED } from "./update";

const BUTTON = "[data-print]";

export function startPrint(): void {
  const reveal = () => document.querySelectorAll<HTMLElement>(BUTTON).forEach((button) => (button.hidden = false));
  reveal();
  document.addEventListener(UPDATED, reveal);
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest(BUTTON)) print();
  });
}
