/** An empty map with its controls. Colors and lines are in pages.css. */

import { Control, control, Map as LeafletMap, TileLayer } from "leaflet";
import { styles } from "virtual:map-files";
import { toBounds, UNITED_STATES } from "./map-bounds";
import { text } from "./texts";

const MIN_ZOOM = 0; // the whole world, for places on both sides of the antimeridian
const MAX_ZOOM = 12; // our outlines show no more beyond it
const MAX_TILE_ZOOM = 18;
const ZOOM_STEP = 0.25; // fine enough that the places fill the map

/** Returns the map, over the images of a tile server if the network has one. */
export function createMap(canvas: HTMLElement): LeafletMap {
  const { tiles } = document.documentElement.dataset;
  const map = new LeafletMap(canvas, {
    attributionControl: false,
    zoomControl: false,
    trackResize: false,
    minZoom: MIN_ZOOM,
    maxZoom: tiles ? MAX_TILE_ZOOM : MAX_ZOOM,
    zoomSnap: ZOOM_STEP,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  control.zoom({ zoomInTitle: text("zoom-in"), zoomOutTitle: text("zoom-out") }).addTo(map);
  new Control.Attribution({ prefix: false }).addAttribution(text("outlines")).addTo(map);
  map.createPane("outlines");
  if (tiles) new TileLayer(tiles, { maxZoom: MAX_TILE_ZOOM, attribution: readTileCredit() }).addTo(map);
  new ResizeObserver(() => canvas.clientWidth && map.invalidateSize({ animate: false })).observe(canvas); // its panel may be closed
  return map.fitBounds(toBounds(UNITED_STATES));
}

/** Returns the attribution as HTML, which the server has escaped (search_map_places.html). */
const readTileCredit = (): string => document.querySelector(".tile-credit")?.innerHTML ?? "";

/** Adds Leaflet's stylesheet before our own, whose rules come first. Rejects if it cannot be loaded. */
export async function loadStyles(): Promise<void> {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: styles });
  const loaded = new Promise((resolve, reject) => Object.assign(link, { onload: resolve, onerror: reject }));
  document.querySelector("link[rel=stylesheet]")!.before(link);
  await loaded;
}
