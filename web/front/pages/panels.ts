/** Panels are closed at first on phones and always open on larger screens. */

import { UPDATED } from "./update";

const wide = matchMedia("(min-width: 48rem)");

export function startPanels(): void {
  adjust();
  wide.addEventListener("change", adjust);
  document.addEventListener(UPDATED, () => wide.matches && adjust());
}

const adjust = () =>
  document.querySelectorAll<HTMLDetailsElement>("details.panel").forEach((panel) => (panel.open = wide.matches));
