/**
 * "Exit this page", for people whom somebody may be watching: by its button, or by pressing Shift three times.
 * https://design-system.service.gov.uk/components/exit-this-page/
 */

import { announce } from "./announce";
import { forgetAll } from "./session";
import { count } from "./texts";

const PRESSES = 3;
const WINDOW_MS = 5000; // from one press to the next

export function startExitPage(): void {
  const link = document.querySelector<HTMLAnchorElement>("[data-exit]");
  if (!link) return;
  document.addEventListener("click", (event) => {
    if (!(event.target as Element).closest("[data-exit]")) return;
    event.preventDefault();
    exit(link.href);
  });
  listenForShift(() => exit(link.href));
}

/** Empties the page at once, forgets the list, and replaces this page in the history. */
function exit(address: string): void {
  document.body.hidden = true;
  document.title = "";
  forgetAll();
  location.replace(address);
}

function listenForShift(exitPage: () => void): void {
  let presses = 0;
  let timer = 0;
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key === "Shift" ? presses + 1 : 0;
    clearTimeout(timer);
    timer = window.setTimeout(() => (presses = 0), WINDOW_MS);
    if (presses === PRESSES) exitPage();
    else if (presses) announce(count("exit", PRESSES - presses));
  });
}
