/** The outlines below the marks: states, and counties of the states in view when the map is near enough to show them. */

import { GeoJSON, type LatLngBounds, type Map as LeafletMap, LayerGroup } from "leaflet";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { counties, states } from "virtual:map-files";

const COUNTIES_ZOOM = 7; // about two states fill the map
const MAX_STATES = 6; // whose counties are shown at once

export class Outlines {
  private readonly states = new Map<string, GeoJSON>();
  private readonly counties = new LayerGroup();
  private readonly loaded = new Set<string>();

  private constructor(
    private readonly map: LeafletMap,
    topology: Topology,
  ) {
    for (const state of listFeatures(topology, "states")) {
      this.states.set(String(state.id), draw(state, "map-outline").addTo(map));
    }
    map.on("moveend", () => void this.showCounties());
  }

  /** Draws the states. Rejects if their outlines cannot be loaded. */
  static draw = async (map: LeafletMap): Promise<Outlines> => new Outlines(map, await loadTopology(states));

  private async showCounties(): Promise<void> {
    if (this.map.getZoom() < COUNTIES_ZOOM) return void this.counties.remove();
    this.counties.addTo(this.map);
    const missing = this.findStates(this.map.getBounds()).filter((state) => !this.loaded.has(state));
    await Promise.allSettled(missing.slice(0, MAX_STATES).map((state) => this.addCounties(state)));
  }

  private findStates(bounds: LatLngBounds): string[] {
    return [...this.states].filter(([, outline]) => bounds.intersects(outline.getBounds())).map(([state]) => state);
  }

  private async addCounties(state: string): Promise<void> {
    const address = counties[state];
    if (!address) return;
    this.loaded.add(state);
    const topology = await loadTopology(address).catch(() => this.loaded.delete(state));
    if (typeof topology === "boolean") return; // they are tried again when the map moves
    for (const county of listFeatures(topology, "counties")) this.counties.addLayer(draw(county, "map-outline county"));
  }
}

/** Colors and lines are in pages.css. */
const draw = (shape: GeoJSON.Feature, className: string) => new GeoJSON(shape, { interactive: false, style: { className } });

function listFeatures(topology: Topology, name: string): GeoJSON.Feature[] {
  const collection = feature(topology, topology.objects[name] as GeometryCollection);
  return collection.features;
}

async function loadTopology(address: string): Promise<Topology> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`There are no outlines at ${address}`);
  return (await response.json()) as Topology;
}
