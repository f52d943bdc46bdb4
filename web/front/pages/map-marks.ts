/** How marks look. Only a published address is a point; everything else is an area, as large as it is on the ground. */

import {
  Circle,
  CircleMarker,
  DivIcon,
  GeoJSON,
  type Layer,
  type LatLngTuple,
  type Map as LeafletMap,
  Marker,
  Path,
} from "leaflet";
import { countPlaces, findLocation, type Mark } from "./map-data";
import { format } from "./texts";

const POINTS = ["EXACT", "STREET"];
const MIN_RADIUS = 9; // pixels: smaller areas are drawn larger, so that they can be clicked
const COUNTY_REACH = 2.4; // radii around a county reach its farthest ZIP code; so many times as far, nine of ten contain the county
const METERS_PER_DEGREE = 111_320;

export const locate = ({ point }: Mark): LatLngTuple => [point.latitude, point.longitude];

/** Returns the layer of a mark, with a class for pages.css. `area` is the outline of the county or state that it is in. */
export function drawMark(mark: Mark, map: LeafletMap, area?: GeoJSON.Feature): Layer {
  if (mark.count > 1) return drawIcon(mark, "place-group number", format(mark.count));
  const places = countPlaces(mark);
  if (places) return drawIcon(mark, "place-group number", format(places));
  if (mark.precision === "STATE") return drawIcon(mark, "place-state");
  if (POINTS.includes(mark.precision ?? "")) return drawIcon(mark, "place-address");
  const meters = measureRadius(mark);
  const isLarge = toPixels(meters, mark, map) >= MIN_RADIUS;
  if (isLarge && area) return new GeoJSON(area, { style: { className: "place-area" } });
  if (isLarge) return new Circle(locate(mark), { radius: meters, className: "place-area" });
  return new CircleMarker(locate(mark), { radius: MIN_RADIUS, className: "place-area" });
}

/** Returns the hatched state in which the organization of a mark is. The icon of the mark is what can be clicked. */
export const drawState = (area: GeoJSON.Feature): Layer =>
  new GeoJSON(area, { interactive: false, style: { className: "place-region", fillColor: "url(#places-hatch)", fillOpacity: 1 } });

/** Returns the circle within which the organization of a mark is; null for an address, a group or a mark with an outline. */
export function drawExtent(mark: Mark, area?: GeoJSON.Feature): Circle | null {
  const radius = area ? 0 : measureRadius(mark);
  return radius ? new Circle(locate(mark), { radius, className: "place-area extent", interactive: false }) : null;
}

export function setSelected(layer: Layer, isSelected: boolean): void {
  if (layer instanceof GeoJSON) layer.eachLayer((part) => setSelected(part, isSelected));
  else if (layer instanceof Marker || layer instanceof Path) layer.getElement()?.classList.toggle("selected", isSelected);
}

/** Returns the radius of the area in meters, 0 if there is none. */
const measureRadius = (mark: Mark): number =>
  (findLocation(mark)?.radiusKm ?? 0) * 1000 * (mark.precision === "COUNTY" ? COUNTY_REACH : 1);

/** Returns a marker that gets no focus: the list beside the map is the way to marks by keyboard. */
const drawIcon = (mark: Mark, className: string, text = ""): Marker =>
  new Marker(locate(mark), { icon: new DivIcon({ className, html: text, iconSize: undefined }), keyboard: false });

function toPixels(meters: number, mark: Mark, map: LeafletMap): number {
  const [latitude, longitude] = locate(mark);
  const center = map.latLngToLayerPoint([latitude, longitude]);
  const edge = map.latLngToLayerPoint([latitude + meters / METERS_PER_DEGREE, longitude]);
  return center.y - edge.y;
}
