/** Panels are closed at first, and always open on larger screens: the map from where it has a column of its own. */

import { UPDATED } from "./update";

const WIDTHS = [
  ["details.panel:not(#map)", matchMedia("(min-width: 48rem)")],
  ["details#map", matchMedia("(min-width: 75rem)")],
] as const;

export function startPanels(): void {
  for (const [panel, wide] of WIDTHS) {
    const adjust = () =>
      document.querySelectorAll<HTMLDetailsElement>(panel).forEach((each) => (each.open = wide.matches));
    adjust();
    wide.addEventListener("change", adjust);
    document.addEventListener(UPDATED, () => wide.matches && adjust());
  }
}
