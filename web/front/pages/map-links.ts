/** Where a mark leads: to the page of an organization, or to the list of those in a group. */

import { describePlace, type Mark, nameMark } from "./map-data";
import { text } from "./texts";

export function buildAddress({ organization, bounds }: Mark, search: string): string {
  if (organization) return `${location.pathname}organizations/${organization.slug}`;
  const { south, west, north, east } = bounds;
  return `${location.pathname}?${[search, `within=${[south, west, north, east].join()}`].filter(Boolean).join("&")}`;
}

/** Returns a link with the name of the mark, and for an organization how precisely its place is known. */
export function describeMark(mark: Mark, search: string): (Node | string)[] {
  const link = document.createElement("a");
  link.href = buildAddress(mark, search);
  link.textContent = mark.organization ? nameMark(mark) : `${nameMark(mark)}: ${text("show-group")}`;
  const place = describePlace(mark);
  return place ? [link, ", ", place] : [link];
}
