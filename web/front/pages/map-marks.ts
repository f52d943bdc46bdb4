/** How marks look. Only a published address is a point; everything else is an area, as large as it is on the ground. */

import { Circle, CircleMarker, DivIcon, type Layer, type LatLngTuple, type Map as LeafletMap, Marker } from "leaflet";
import { findLocation, type Mark } from "./map-data";
import { format } from "./texts";

const POINTS = ["EXACT", "STREET"];
const MIN_RADIUS = 9; // pixels: smaller areas are drawn larger, so that they can be clicked
const METERS_PER_DEGREE = 111_320;

export const locate = ({ point }: Mark): LatLngTuple => [point.latitude, point.longitude];

/** Returns the layer of a mark, with a class for pages.css. */
export function drawMark(mark: Mark, map: LeafletMap): Layer {
  if (mark.count > 1) return drawIcon(mark, "place-group number", format(mark.count));
  if (mark.precision === "STATE") return drawIcon(mark, "place-state");
  if (POINTS.includes(mark.precision ?? "")) return drawIcon(mark, "place-address");
  const meters = measureRadius(mark);
  if (toPixels(meters, mark, map) >= MIN_RADIUS) return new Circle(locate(mark), { radius: meters, className: "place-area" });
  return new CircleMarker(locate(mark), { radius: MIN_RADIUS, className: "place-area" });
}

/** Returns the circle within which the organization of an approximate mark is; null for an address or a group. */
export function drawExtent(mark: Mark): Circle | null {
  const radius = measureRadius(mark);
  return radius ? new Circle(locate(mark), { radius, className: "place-area extent", interactive: false }) : null;
}

export function setSelected(layer: Layer, isSelected: boolean): void {
  const element = layer instanceof Marker || layer instanceof CircleMarker ? layer.getElement() : undefined;
  element?.classList.toggle("selected", isSelected);
}

/** Returns the radius of the area in meters, 0 if there is none. */
const measureRadius = (mark: Mark): number => (findLocation(mark)?.radiusKm ?? 0) * 1000;

/** Returns a marker that gets no focus: the list beside the map is the way to marks by keyboard. */
const drawIcon = (mark: Mark, className: string, text = ""): Marker =>
  new Marker(locate(mark), { icon: new DivIcon({ className, html: text, iconSize: undefined }), keyboard: false });

function toPixels(meters: number, mark: Mark, map: LeafletMap): number {
  const [latitude, longitude] = locate(mark);
  const center = map.latLngToLayerPoint([latitude, longitude]);
  const edge = map.latLngToLayerPoint([latitude + meters / METERS_PER_DEGREE, longitude]);
  return center.y - edge.y;
}
