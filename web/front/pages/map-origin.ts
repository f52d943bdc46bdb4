/** Where the distances of a search start, such as the place in "near Atlanta": a cross, and the circle of its distance. */

import { Circle, DivIcon, LayerGroup, type LatLngTuple, Marker } from "leaflet";
import type { Point } from "./map-data";

const BELOW = -10_000; // under all marks: the cross is larger than any

export interface Origin extends Point {
  /** null without a limit */
  radiusKm: number | null;
}

/** Returns the origin of the search of the page. Its words are below the map (search_map_places.html). */
export function readOrigin({ dataset }: HTMLElement): Origin | undefined {
  const [latitude, longitude, radius] = (dataset.origin ?? "").split(",").map(Number);
  return longitude === undefined ? undefined : { latitude: latitude!, longitude, radiusKm: radius || null };
}

export const locateOrigin = ({ latitude, longitude }: Point): LatLngTuple => [latitude, longitude];

export function drawOrigin(origin: Origin): LayerGroup {
  const icon = new DivIcon({ className: "place-origin", iconSize: undefined });
  const cross = new Marker(locateOrigin(origin), { icon, keyboard: false, interactive: false, zIndexOffset: BELOW });
  const { radiusKm } = origin;
  if (!radiusKm) return new LayerGroup([cross]);
  return new LayerGroup([new Circle(locateOrigin(origin), { radius: radiusKm * 1000, className: "origin-reach", interactive: false }), cross]);
}

/** Says in the section what the cross is, or nothing. */
export function describeOrigin(section: HTMLElement): void {
  const item = section.querySelector<HTMLElement>("#places-origin")!;
  item.hidden = !section.dataset.origin;
  item.querySelector("span:last-child")!.textContent = section.dataset.originLabel ?? "";
}
