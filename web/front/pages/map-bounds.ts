/** Parts of the map, as the API and as Leaflet write them. */

import { LatLngBounds } from "leaflet";
import type { Box } from "./map-data";

export const UNITED_STATES: Box = { south: 24.5, west: -125, north: 49.5, east: -66.5 };

/** Returns the bounds. Those that cross the antimeridian go on beyond 180 degrees. */
export const toBounds = ({ south, west, north, east }: Box): LatLngBounds =>
  new LatLngBounds([south, west], [north, east < west ? east + 360 : east]);

/** Returns the part of the bounds that is on one turn around the earth. */
export const toBox = (bounds: LatLngBounds): Box => ({
  south: Math.max(bounds.getSouth(), -90),
  west: Math.max(bounds.getWest(), -180),
  north: Math.min(bounds.getNorth(), 90),
  east: Math.min(bounds.getEast(), 180),
});
