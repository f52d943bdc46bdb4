/** Parts of the map, as the API and as Leaflet write them. */

import { LatLngBounds } from "leaflet";
import type { Box } from "./map-data";

export const UNITED_STATES: Box = { south: 24.5, west: -125, north: 49.5, east: -66.5 };

/** Returns the bounds. A box that crosses the antimeridian is shown from -180 to 180 degrees, as marks and outlines are. */
export const toBounds = ({ south, west, north, east }: Box): LatLngBounds =>
  east < west ? new LatLngBounds([south, -180], [north, 180]) : new LatLngBounds([south, west], [north, east]);

/** Returns the part of the bounds that is on one turn around the earth. */
export const toBox = (bounds: LatLngBounds): Box => ({
  south: Math.max(bounds.getSouth(), -90),
  west: Math.max(bounds.getWest(), -180),
  north: Math.min(bounds.getNorth(), 90),
  east: Math.min(bounds.getEast(), 180),
});
