import { defineConfig } from "vite";
import { buildPageFiles } from "./page-files/plugin.ts";

// A dot before the hash: web/pages/assets.py recognizes "map.Ab12Cd34.js" by it and finds it as "map.js".
const HASHED = "[name].[hash]";

/** Builds what the pages load, into one folder that web/pages/assets.py serves under /assets/. */
export default defineConfig({
  // Files refer to each other relative to themselves, so that the directory works under any path of a host.
  base: "./",
  plugins: [buildPageFiles()],
  build: {
    outDir: "../static/pages",
    emptyOutDir: true,
    // As a library, because Vite's code for preloading chunks of an application would double the size of the script.
    lib: { entry: { pages: "pages/pages.ts", "service-worker": "worker/service-worker.ts" }, formats: ["es"] },
    license: { fileName: "licenses.md" },
    rolldownOptions: {
      preserveEntrySignatures: false,
      output: {
        entryFileNames: `${HASHED}.js`,
        chunkFileNames: `${HASHED}.js`,
        assetFileNames: `${HASHED}[extname]`,
        minify: true,
      },
    },
  },
});
