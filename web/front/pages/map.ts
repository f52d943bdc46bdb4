/** The map of places: Leaflet over our own outlines, with the marks of the current search. */

import { type FitBoundsOptions, LatLngBounds, type Layer, LayerGroup, type Map as LeafletMap } from "leaflet";
import { announce } from "./announce";
import { toBounds, toBox, UNITED_STATES } from "./map-bounds";
import { createMap, loadStyles } from "./map-canvas";
import { type Box, loadMarks, type Mark, type View } from "./map-data";
import { buildAddress, describeMark } from "./map-links";
import { MarkList } from "./map-list";
import { loadStateNames } from "./map-names";
import { drawExtent, drawMark, drawState, setSelected } from "./map-marks";
import { describeOrigin, drawOrigin, locateOrigin, type Origin, readOrigin } from "./map-origin";
import { Outlines } from "./map-outlines";
import { text } from "./texts";

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
  private readonly originLayer = new LayerGroup();
  private outlines: Outlines | undefined;
  private origin: Origin | undefined;
  private selected = -1;
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
      miss: () => this.miss(),
    });
  }

  async start(): Promise<void> {
    [this.outlines] = await Promise.all([Outlines.draw(this.map, () => this.drawLayers()), loadStateNames()]);
    [this.originLayer, this.layer, this.extent].forEach((group) => group.addTo(this.map));
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
    const all = await this.load({ zoom: 0, limit: 1 });
    if (!all) return;
    this.showOrigin();
    this.map.fitBounds(this.findBounds(all.bounds), { animate: false, maxZoom: NEAR_ZOOM, ...MARGINS });
    await this.refresh();
  }

  private showOrigin(): void {
    this.origin = readOrigin(this.section);
    this.originLayer.clearLayers();
    if (this.origin) this.originLayer.addLayer(drawOrigin(this.origin));
    describeOrigin(this.section);
  }

  /** Returns what to show at first: the places of the search and its origin. */
  private findBounds(places: Box | null): LatLngBounds {
    if (!this.origin) return toBounds(places ?? UNITED_STATES);
    const origin = locateOrigin(this.origin);
    return places ? toBounds(places).extend(origin) : new LatLngBounds(origin, origin);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.refresh().catch(() => undefined), PAUSE_MS);
  }

  /** Replaces the marks by those in view. */
  private async refresh(): Promise<void> {
    clearTimeout(this.timer);
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
    this.selected = -1;
    this.drawLayers();
    this.list.show(this.marks);
    this.describe();
    void this.outlines?.showWorld([...marks, ...(this.origin ? [this.origin] : [])]);
  }

  /** Draws the marks, again when the outlines of more counties are there. */
  private drawLayers(): void {
    const areas = this.marks.map((mark) => this.outlines?.findArea(mark));
    this.layers = this.marks.map((mark, index) => drawMark(mark, this.map, areas[index]).on("click", () => this.click(index)));
    this.layer.clearLayers();
    this.marks.forEach((mark, index) => {
      const area = areas[index];
      if (mark.precision === "STATE" && area) this.layer.addLayer(drawState(area));
    });
    this.layers.forEach((layer) => this.layer.addLayer(layer));
    this.markSelected();
  }

  private markSelected(): void {
    this.layers.forEach((layer, place) => setSelected(layer, place === this.selected));
    this.extent.clearLayers();
    const mark = this.marks[this.selected];
    const extent = mark && drawExtent(mark, this.outlines?.findArea(mark));
    if (extent) this.extent.addLayer(extent);
  }

  private click(index: number): void {
    if (this.marks[index]!.count > 1) this.open(index);
    else this.select(index);
  }

  private select(index: number): void {
    this.selected = index;
    this.markSelected();
    this.list.select(index);
    this.describe(this.marks[index]);
  }

  /** Opens the page of an organization, or comes nearer to a group until it separates. */
  private open(index: number): void {
    const mark = this.marks[index]!;
    const bounds = toBounds(mark.bounds);
    const zoom = Math.min(this.map.getBoundsZoom(bounds.pad(0.2)), this.map.getMaxZoom());
    if (mark.organization || zoom <= this.map.getZoom()) location.assign(buildAddress(mark, this.search));
    else this.map.setView(bounds.getCenter(), zoom);
  }

  /** Says that no mark is in the direction of a key. */
  private miss(): void {
    if (!this.marks.length) return;
    const message = text("no-mark");
    this.section.querySelector(".places-mark")!.textContent = message;
    announce(message);
  }

  /** Says below the map what is selected, how to select something, or that nothing is in view. */
  private describe(mark?: Mark): void {
    const line = this.section.querySelector(".places-mark")!;
    if (mark) line.replaceChildren(...describeMark(mark, this.search));
    else line.textContent = text(this.marks.length ? "choose-mark" : "no-places");
  }
}
