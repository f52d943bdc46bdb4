import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Returns the content of a file of an npm package, such as "leaflet/dist/leaflet.css". */
export const readPackageFile = (name: string): Promise<Buffer> => readFile(fileURLToPath(import.meta.resolve(name)));
