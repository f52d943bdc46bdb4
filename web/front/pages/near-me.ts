/** "Near me": asks for the location only after a click, rounds it, and searches near it. */

import { announce } from "./announce";
import { text } from "./texts";
import { canShow, show, UPDATED } from "./update";

const BUTTON = "[data-near-me]";
const GRID_DEGREES = 0.05; // about 5 km: the exact location does not leave the device
const REPLACED = ["near", "radius", "words", "after", "before"];
const OPTIONS: PositionOptions = { maximumAge: 600_000, timeout: 20_000 };

export function startNearMe(): void {
  if (!("geolocation" in navigator)) return;
  const reveal = () => document.querySelectorAll<HTMLElement>(BUTTON).forEach((button) => (button.hidden = false));
  reveal();
  document.addEventListener(UPDATED, reveal);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest(BUTTON);
    if (button) locate(button);
  });
}

function locate(button: Element): void {
  hideProblem();
  announce(text("locating"));
  const search = ({ coords }: GeolocationPosition) => searchNear(`${round(coords.latitude)},${round(coords.longitude)}`);
  navigator.geolocation.getCurrentPosition(search, () => showProblem(button), OPTIONS);
}

const round = (degrees: number) => (Math.round(degrees / GRID_DEGREES) * GRID_DEGREES).toFixed(2);

/** Repeats the current search, or a new one with the words typed so far, near a point. */
function searchNear(point: string): void {
  const input = document.querySelector<HTMLInputElement>("#words");
  const form = input?.form;
  if (!form) return;
  const parameters = new URLSearchParams(canShow(form.action) ? location.search : "");
  REPLACED.forEach((name) => parameters.delete(name));
  if (input.value.trim()) parameters.set("words", input.value.trim());
  parameters.set("near", point);
  const address = `${form.action}?${parameters}`;
  if (canShow(address)) void show(address, { focus: "heading" });
  else location.assign(address);
}

/** Says below the button what to do without a location. */
function showProblem(button: Element): void {
  const problem = document.createElement("p");
  problem.id = "location-problem";
  problem.className = "notice error ink";
  problem.setAttribute("role", "alert");
  problem.textContent = text("no-location");
  (button.closest(".box") ?? button).after(problem);
}

const hideProblem = () => document.querySelector("#location-problem")?.remove();
