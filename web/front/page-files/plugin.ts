import type { Plugin } from "vite";
import { buildFont } from "./font.ts";
import { selectCounties, selectCountries, selectStates, STATE_CODES } from "./outlines.ts";
import { readPackageFile } from "./package-file.ts";
import { buildMapStyles } from "./styles.ts";

const MODULE = "virtual:map-files";
const COPIES = {
  // The server draws its maps from these.
  "states-10m.json": "us-atlas/states-10m.json",
  "counties-10m.json": "us-atlas/counties-10m.json",
  "outlines-license.txt": "us-atlas/LICENSE",
  "world-license.txt": "world-atlas/LICENSE",
  "font-license.txt": "@fontsource-variable/atkinson-hyperlegible-next/LICENSE",
};

/** Adds what is not a script: the font, the outlines, the styles of the map, and the licenses that Vite does not collect. */
export function buildPageFiles(): Plugin {
  return {
    name: "page-files",
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    /** The module of the addresses of what the map loads (pages/map-files.d.ts). */
    async load(id) {
      if (id !== `\0${MODULE}`) return null;
      const add = (name: string, source: string) =>
        `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: "asset", name, source })}`;
      const counties = STATE_CODES.map(
        (state) => `"${state}":${add(`counties-${state}.json`, JSON.stringify(selectCounties(state)))}`,
      );
      const states = add("states.json", JSON.stringify(selectStates()));
      const world = add("world.json", JSON.stringify(selectCountries()));
      const styles = add("map.css", await buildMapStyles());
      return `export const styles=${styles},states=${states},world=${world},counties={${counties.join()}};`;
    },
    async generateBundle() {
      this.emitFile({ type: "asset", fileName: "font.woff2", source: await buildFont() });
      for (const [fileName, source] of Object.entries(COPIES)) {
        this.emitFile({ type: "asset", fileName, source: await readPackageFile(source) });
      }
    },
  };
}
