import { defineConfig } from "vite";

export default defineConfig({
  // Everything is asked for beside /graphiql, so that the directory may live under any path of a host.
  base: "./",
  // The server puts a new one in its place each time it sends the page: web/pages/explorer.py.
  html: { cspNonce: "NONCE-OF-THIS-PAGE" },
  build: {
    outDir: "../static/explorer",
    emptyOutDir: true,
    assetsDir: "graphiql",
    modulePreload: { polyfill: false },
    license: { fileName: "graphiql/licenses.md" },
    // The editor alone is larger than the size from which Vite warns.
    chunkSizeWarningLimit: 4096,
  },
});
