/** The buttons "Count by state" and "Places". The map of places is loaded only when somebody chooses it and it is in view. */

import type { PlacesMap } from "./map";
import { announce } from "./announce";
import { recall, remember } from "./session";
import { text } from "./texts";
import { UPDATED } from "./update";

const KEY = "map"; // what is shown, as long as the tab is open
const BUTTON = "[data-map]";

let shownIn: HTMLElement | undefined;
let places: Promise<PlacesMap> | undefined;

export function startMapChoice(): void {
  apply();
  document.addEventListener(UPDATED, apply);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>(BUTTON);
    if (!button) return;
    remember(KEY, button.dataset.map!);
    apply();
  });
}

/** Shows the chosen map, also after the search has changed. */
function apply(): void {
  const [section, areas] = ["#map-places", "#map-areas"].map((id) => document.querySelector<HTMLElement>(id));
  if (!section || !areas) return;
  const chosen = recall(KEY) ?? "areas";
  document
    .querySelectorAll<HTMLElement>(BUTTON)
    .forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.map === chosen)));
  section.hidden = chosen !== "places";
  areas.hidden = !section.hidden;
  if (!section.hidden) whenVisible(section, () => void fill(section));
}

function whenVisible(element: Element, action: () => void): void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    action();
  });
  observer.observe(element);
}

/** Opens the map, or shows the current search on the one that is open. */
async function fill(section: HTMLElement): Promise<void> {
  try {
    if (shownIn === section && places) return await (await places).update();
    shownIn = section;
    places = import("./map").then(({ openMap }) => openMap(section));
    await places;
  } catch {
    shownIn = places = undefined;
    announce(text("no-map"));
    section.querySelector(".places-mark")!.textContent = text("no-map");
  }
}
