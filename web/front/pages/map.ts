/** The map of places: Leaflet over our own outlines, with the marks of the current search. */

import { type FitBoundsOptions, type Layer, LayerGroup, type Map as LeafletMap } from "leaflet";
import { toBounds, toBox, UNITED_STATES } from "./map-bounds";
import { createMap, loadStyles } from "./map-canvas";
import { loadMarks, type Mark, type View } from "./map-data";
import { buildAddress, describeMark } from "./map-links";
import { MarkList } from "./map-list";
import { drawExtent, drawMark, setSelected } from "./map-marks";
import { Outlines } from "./map-outlines";
import { text } from "./texts";

const START_ZOOM = 4; // until the search is known
const NEAR_ZOOM = 9; // at most, for a search with few places
/** Pixels around the marks, wide enough for the controls in the corners. */
const MARGINS: FitBoundsOptions = { paddingTopLeft: [56, 24], paddingBottomRight: [24, 56] };
const PAUSE_MS = 100; // after a move of the map, before its marks are loaded

/** Fills the section. Rejects if the map cannot be loaded. */
export async function openMap(section: HTMLElement): Promise<PlacesMap> {
  await loadStyles();
  const places = new PlacesMap(section);
  try {
    await places.start();
  } catch (error) {
    places.close();
    throw error;
  }
  return places;
}

export class PlacesMap {
  private readonly map: LeafletMap;
  private readonly list: MarkList;
  private readonly layer = new LayerGroup();
  private readonly extent = new LayerGroup();
  private marks: Mark[] = [];
  private layers: Layer[] = [];
  private search = "";
  private request: AbortController | undefined;
  private timer = 0;

  constructor(private readonly section: HTMLElement) {
    this.map = createMap(section.querySelector<HTMLElement>(".places-map")!);
    const list = section.querySelector<HTMLElement>(".places-list")!;
    this.list = new MarkList(list, section, this.map, {
      select: (index) => this.select(index),
      open: (index) => this.open(index),
    });
  }

  async start(): Promise<void> {
    await Outlines.draw(this.map);
    this.layer.addTo(this.map);
    this.extent.addTo(this.map);
    await this.update();
    this.map.on("moveend", () => this.schedule());
  }

  close(): void {
    this.map.remove();
  }

  /** Shows the search of the page: all its places, then the marks in view. */
  async update(): Promise<void> {
    this.map.invalidateSize({ animate: false });
    this.search = this.section.dataset.search ?? "";
    const marks = await this.load({ zoom: START_ZOOM });
    if (!marks) return;
    this.map.fitBounds(toBounds(marks.bounds ?? UNITED_STATES), { animate: false, maxZoom: NEAR_ZOOM, ...MARGINS });
    await this.refresh();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.refresh().catch(() => undefined), PAUSE_MS);
  }

  /** Replaces the marks by those in view. */
  private async refresh(): Promise<void> {
    const marks = await this.load({ within: toBox(this.map.getBounds()), zoom: this.map.getZoom() });
    if (marks) this.draw(marks.marks);
  }

  /** Returns null if something newer is being loaded. */
  private async load(view: View) {
    this.request?.abort();
    const { signal } = (this.request = new AbortController());
    try {
      return await loadMarks(this.search, view, signal);
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  private draw(marks: Mark[]): void {
    this.marks = marks.toSorted((first, second) => first.count - second.count); // groups after organizations, and above them
    this.layers = this.marks.map((mark, index) => drawMark(mark, this.map).on("click", () => this.click(index)));
    this.layer.clearLayers();
    this.extent.clearLayers();
    this.layers.forEach((layer) => this.layer.addLayer(layer));
    this.list.show(this.marks);
    this.describe();
  }

  private click(index: number): void {
    if (this.marks[index]!.count > 1) this.open(index);
    else this.select(index);
  }

  private select(index: number): void {
    const mark = this.marks[index]!;
    this.layers.forEach((layer, place) => setSelected(layer, place === index));
    this.extent.clearLayers();
    const extent = drawExtent(mark);
    if (extent) this.extent.addLayer(extent);
    this.list.select(index);
    this.describe(mark);
  }

  /** Opens the page of an organization, or comes nearer to a group until it separates. */
  private open(index: number): void {
    const mark = this.marks[index]!;
    const bounds = toBounds(mark.bounds);
    const zoom = Math.min(this.map.getBoundsZoom(bounds.pad(0.2)), this.map.getMaxZoom());
    if (mark.organization || zoom <= this.map.getZoom()) location.assign(buildAddress(mark, this.search));
    else this.map.setView(bounds.getCenter(), zoom);
  }

  /** Says below the map what is selected, or that nothing is in view. */
  private describe(mark?: Mark): void {
    const line = this.section.querySelector(".places-mark")!;
    if (mark) line.replaceChildren(...describeMark(mark, this.search));
    else line.textContent = this.marks.length ? "" : text("no-places");
  }
}
