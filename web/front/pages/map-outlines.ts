/** The outlines below the marks: states, counties of the states in view when the map is near, and the world if a mark needs it. */

import { GeoJSON, LatLngBounds, LayerGroup, type Map as LeafletMap } from "leaflet";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { counties, states, world } from "virtual:map-files";
import { toBounds } from "./map-bounds";
import { contains, hasCornerIn } from "./map-areas";
import { findLocation, type Mark, type Point } from "./map-data";
import { text } from "./texts";

const COUNTIES_ZOOM = 7; // about two states fill the map
const MAX_STATES = 6; // whose counties are shown at once
const COAST_DEGREES = 0.1; // about 10 km: islands and piers that the outlines lack

export class Outlines {
  private readonly states: GeoJSON[];
  private readonly counties = new LayerGroup();
  private readonly loaded = new Map<string, GeoJSON[]>();
  private hasWorld: boolean;

  /** `onCounties` is called when there are more counties to draw marks with. */
  private constructor(
    private readonly map: LeafletMap,
    topology: Topology,
    private readonly onCounties: () => void,
  ) {
    this.states = draw(topology, "states", "map-outline");
    this.states.forEach((state) => state.addTo(map));
    this.hasWorld = "tiles" in document.documentElement.dataset; // the tiles show it
    map.on("moveend", () => void this.showCounties());
  }

  /** Draws the states. Rejects if their outlines cannot be loaded. */
  static draw = async (map: LeafletMap, onCounties: () => void): Promise<Outlines> =>
    new Outlines(map, await loadTopology(states), onCounties);

  /** Returns the outline of the state or county that is all that is known of a mark; undefined if there is none yet. */
  findArea(mark: Mark): GeoJSON.Feature | undefined {
    const location = findLocation(mark);
    if (!location) return undefined;
    if (mark.precision === "STATE") return find(this.states, mark.point);
    const county = mark.precision === "COUNTY" ? location.address?.county : null;
    if (!county) return undefined;
    const named = [...this.loaded.values()].flat().filter((area) => county.startsWith(readFeature(area).properties!.name as string));
    return find(named, mark.point);
  }

  /** Draws the other countries if any of these places is in one of them. The map is as useful without them, so failures are silent. */
  async showWorld(places: (Mark | Point)[]): Promise<void> {
    if (this.hasWorld || !places.some((place) => this.isAbroad(place))) return;
    this.hasWorld = true;
    const topology = await loadTopology(world).catch(() => (this.hasWorld = false));
    if (typeof topology === "boolean") return; // it is tried again with the next marks
    for (const country of draw(topology, "countries", "map-outline country", text("world"))) country.addTo(this.map).bringToBack();
  }

  /** Whether a point, or everything that a mark stands for, is away from the states and territories. */
  private isAbroad(place: Mark | Point): boolean {
    const country = "point" in place ? findLocation(place)?.address?.country : null;
    if (country === "US") return false;
    const { latitude, longitude } = "point" in place ? place.point : place;
    const bounds = "point" in place ? toBounds(place.bounds) : new LatLngBounds([latitude, longitude], [latitude, longitude]);
    const near = pad(bounds, country ? 0 : COAST_DEGREES);
    return !this.states.some(
      (state) =>
        near.intersects(state.getBounds()) &&
        (contains(readFeature(state), { latitude, longitude }) || hasCornerIn(readFeature(state), near)),
    );
  }

  private async showCounties(): Promise<void> {
    if (this.map.getZoom() < COUNTIES_ZOOM) return void this.counties.remove();
    this.counties.addTo(this.map);
    const bounds = this.map.getBounds();
    const inView = this.states.filter((state) => bounds.intersects(state.getBounds())).map((state) => String(readFeature(state).id));
    const missing = inView.filter((state) => counties[state] && !this.loaded.has(state)).slice(0, MAX_STATES);
    await Promise.allSettled(missing.map((state) => this.addCounties(state)));
    if (missing.length) this.onCounties();
  }

  private async addCounties(state: string): Promise<void> {
    this.loaded.set(state, []);
    const topology = await loadTopology(counties[state]!).catch(() => this.loaded.delete(state));
    if (typeof topology === "boolean") return; // they are tried again when the map moves
    const areas = draw(topology, "counties", "map-outline county");
    this.loaded.set(state, areas);
    areas.forEach((area) => this.counties.addLayer(area));
  }
}

const readFeature = (area: GeoJSON): GeoJSON.Feature => (area.getLayers()[0] as GeoJSON).feature as GeoJSON.Feature;

/** Returns the feature that a point is in, or else one that is around it, such as the islands of Hawaii. */
function find(areas: GeoJSON[], point: Point): GeoJSON.Feature | undefined {
  const around = areas.filter((area) => area.getBounds().contains([point.latitude, point.longitude])).map(readFeature);
  return around.find((area) => contains(area, point)) ?? around[0];
}

const pad = (bounds: LatLngBounds, degrees: number) =>
  new LatLngBounds(
    [bounds.getSouth() - degrees, bounds.getWest() - degrees],
    [bounds.getNorth() + degrees, bounds.getEast() + degrees],
  );

/** Returns a layer for each feature. Colors and lines are in pages.css, as is the place of the pane. */
function draw(topology: Topology, name: string, className: string, attribution = ""): GeoJSON[] {
  const { features } = feature(topology, topology.objects[name] as GeometryCollection);
  const options = { interactive: false, pane: "outlines", attribution, style: { className, pane: "outlines" } };
  return features.map((each) => new GeoJSON(each, options));
}

async function loadTopology(address: string): Promise<Topology> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`There are no outlines at ${address}`);
  return (await response.json()) as Topology;
}
