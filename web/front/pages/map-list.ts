/** The list of marks beside the map, from which they are chosen by keyboard: a listbox whose options are marks. */

import type { Map as LeafletMap } from "leaflet";
import { describePlace, type Mark, nameMark } from "./map-data";
import { locate } from "./map-marks";

type Direction = readonly [x: number, y: number];

const DIRECTIONS: Record<string, Direction> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const ASIDE = 1e6; // pixels, farther than any mark

interface Actions {
  select: (index: number) => void;
  open: (index: number) => void;
  /** No mark is in the direction of a key. */
  miss: () => void;
}

export class MarkList {
  private marks: Mark[] = [];
  private selected = -1;

  constructor(
    private readonly list: HTMLElement,
    section: HTMLElement,
    private readonly map: LeafletMap,
    private readonly actions: Actions,
  ) {
    section.addEventListener("keydown", (event) => this.handleKey(event), true);
    list.addEventListener("click", (event) => {
      const index = [...list.children].indexOf((event.target as Element).closest("li")!);
      if (index >= 0) actions.select(index);
    });
  }

  show(marks: Mark[]): void {
    this.marks = marks;
    this.list.replaceChildren(...marks.map(buildOption));
    this.list.hidden = marks.length === 0;
    this.select(-1);
  }

  select(index: number): void {
    this.selected = index;
    [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    const option = this.list.children[index];
    if (option) this.list.setAttribute("aria-activedescendant", option.id);
    else this.list.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  /** Alt and an arrow go to the next mark in that direction; in the list, arrows alone go up and down. */
  private handleKey(event: KeyboardEvent): void {
    const direction = DIRECTIONS[event.key];
    const isInList = event.target === this.list;
    const index = this.findTarget(event, direction, isInList);
    if (event.key === "Enter" && isInList && this.selected >= 0) this.actions.open(this.selected);
    else if (index === undefined) return;
    else if (this.marks[index]) this.actions.select(index);
    else this.actions.miss();
    event.preventDefault();
    event.stopPropagation(); // the map would move too
  }

  /** Returns the mark that a key leads to, -1 if there is none there, undefined if it is another key. */
  private findTarget(event: KeyboardEvent, direction: Direction | undefined, isInList: boolean): number | undefined {
    if (direction && event.altKey) return this.findNext(direction);
    if (!isInList || event.altKey) return undefined;
    if (direction && direction[0] === 0) return Math.min(Math.max(this.selected + direction[1], 0), this.marks.length - 1);
    return { Home: 0, End: this.marks.length - 1 }[event.key];
  }

  /**
   * Returns the nearest mark in a direction from the selected one, or from the middle of the map. Those at more than 45 degrees
   * from it come last. -1 if there is none.
   */
  private findNext([x, y]: Direction): number {
    const place = (mark: Mark) => this.map.latLngToContainerPoint(locate(mark));
    const current = this.marks[this.selected];
    const from = current ? place(current) : this.map.getSize().divideBy(2);
    const distances = this.marks.map((mark, index) => {
      const offset = place(mark).subtract(from);
      const forward = offset.x * x + offset.y * y;
      const sideways = Math.abs(offset.x * y) + Math.abs(offset.y * x);
      return index !== this.selected && forward > 0 ? forward + sideways + (sideways > forward ? ASIDE : 0) : Infinity;
    });
    const nearest = Math.min(...distances);
    return nearest < Infinity ? distances.indexOf(nearest) : -1;
  }
}

function buildOption(mark: Mark, index: number): HTMLLIElement {
  const option = document.createElement("li");
  option.id = `mark-${index}`;
  option.setAttribute("role", "option");
  option.append(nameMark(mark));
  const place = describePlace(mark);
  if (place) option.append(", ", Object.assign(document.createElement("span"), { className: "soft", textContent: place }));
  return option;
}
