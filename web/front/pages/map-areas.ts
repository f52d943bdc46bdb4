/** Points and outlines: whether one is in the other. */

import type { LatLngBounds } from "leaflet";
import type { Point } from "./map-data";

/** Whether a point is in an area, by the rule of even and odd: a line from it to the east crosses the outline an odd number of times. */
export function contains(area: GeoJSON.Feature, { latitude, longitude }: Point): boolean {
  let isInside = false;
  for (const ring of listRings(area)) {
    ring.forEach(([x, y], index) => {
      const [nextX, nextY] = ring[(index + 1) % ring.length] as [number, number];
      if (y! > latitude !== nextY > latitude && longitude < x! + ((nextX - x!) * (latitude - y!)) / (nextY - y!))
        isInside = !isInside;
    });
  }
  return isInside;
}

/** Whether any corner of the outline of an area is in the bounds. */
export function hasCornerIn(area: GeoJSON.Feature, bounds: LatLngBounds): boolean {
  const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  return listRings(area).some((ring) => ring.some(([x, y]) => x! >= west && x! <= east && y! >= south && y! <= north));
}

function listRings({ geometry }: GeoJSON.Feature): GeoJSON.Position[][] {
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flat();
  return geometry.type === "Polygon" ? geometry.coordinates : [];
}
