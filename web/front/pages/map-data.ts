/** The marks of a search, as the API groups them for a part of the map and a zoom level. */

import { ask } from "./api";
import { nameCounty, nameState } from "./map-names";
import { count, text } from "./texts";

export interface Point {
  latitude: number;
  longitude: number;
}

export interface Box {
  south: number;
  west: number;
  north: number;
  east: number;
}

export interface Location {
  precision: string;
  radiusKm: number | null;
  point: Point | null;
  address: Address | null;
}

export interface Address {
  city: string | null;
  county: string | null;
  state: string | null;
  country: string | null;
}

/** One organization, or several that are close together. */
export interface Mark {
  count: number;
  precision: string | null;
  point: Point;
  bounds: Box;
  organization: { name: string; slug: string; locations: Location[] } | null;
}

export interface Marks {
  marks: Mark[];
  bounds: Box | null;
}

export interface View {
  within?: Box;
  zoom: number;
  /** The maximum number of marks */
  limit?: number;
}

/** Returns the marks in a part of the map, of the whole world without `within`. Rejects like `ask`. */
export async function loadMarks(search: string, view: View, signal: AbortSignal): Promise<Marks> {
  const answer = await ask<{ organizations: { map: Marks } | null }>("map-marks", { search, ...view }, signal);
  if (!answer.organizations) throw new Error("The search has no map.");
  return answer.organizations.map;
}

/** Returns the location at which the mark of one organization is; undefined for several organizations or several places of one. */
export const findLocation = ({ organization, point, precision }: Mark): Location | undefined =>
  organization?.locations.find(
    (location) =>
      location.precision === precision &&
      location.point?.latitude === point.latitude &&
      location.point.longitude === point.longitude,
  );

/** Returns how many places of one organization a mark stands for, if there are several close together; otherwise 0. */
export function countPlaces(mark: Mark): number {
  const { south, west, north, east } = mark.bounds;
  const isInside = (point: Point | null) =>
    point && south <= point.latitude && point.latitude <= north && west <= point.longitude && point.longitude <= east;
  return findLocation(mark) ? 0 : (mark.organization?.locations.filter(({ point }) => isInside(point)).length ?? 0);
}

export const nameMark = (mark: Mark): string => mark.organization?.name ?? count("organizations", mark.count);

/** Returns "somewhere in Levy County, FL (county only)" for one organization, "" for several. */
export function describePlace(mark: Mark): string {
  const location = findLocation(mark);
  if (location?.address) return text(`place-${location.precision}`, { place: formatAddress(location.address) });
  const places = countPlaces(mark);
  return places ? text("several-places", { number: places }) : "";
}

/** Returns a place as the list has it: "Levy County, FL", or "Florida" if nothing more is published. */
function formatAddress({ city, county, state, country }: Address): string {
  const local = city ?? (county && nameCounty(county));
  return local ? [local, state].filter(Boolean).join(", ") : nameState(country, state);
}
