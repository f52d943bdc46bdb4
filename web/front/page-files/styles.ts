import { readPackageFile } from "./package-file.ts";

const COMMENT = /\/\*[^]*?\*\//g;
const RULE_WITH_IMAGE = /[^{}]*\{[^{}]*url\([^{}]*\}/g;

/** Returns Leaflet's stylesheet without the rules that load images: we draw no pins and have no layer control. */
export async function buildMapStyles(): Promise<string> {
  const styles = await readPackageFile("leaflet/dist/leaflet.css");
  return styles.toString().replace(COMMENT, "").replace(RULE_WITH_IMAGE, "").replace(/\s+/g, " ");
}
