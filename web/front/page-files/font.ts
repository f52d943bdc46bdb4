import subsetFont from "subset-font";
import { readPackageFile } from "./package-file.ts";

const SOURCE = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2";
const ASCII = String.fromCodePoint(...Array.from({ length: 0x7f - 0x20 }, (_, offset) => 0x20 + offset));
const SPANISH = "ÁÉÍÑÓÚÜáéíñóúü¿¡«»ªº";
const PUNCTUATION = "\u00a0“”‘’–—…·•°×";
/** The weights that pages.css uses. */
const WEIGHTS = { min: 400, max: 750, default: 400 };

/** Returns the font as WOFF2 with the characters of English and Spanish. Browsers take all others from the system. */
export async function buildFont(): Promise<Buffer> {
  const font = await readPackageFile(SOURCE);
  return subsetFont(font, ASCII + SPANISH + PUNCTUATION, { targetFormat: "woff2", variationAxes: { wght: WEIGHTS } });
}
