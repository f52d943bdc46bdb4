import { defineConfig } from "vite";

export default defineConfig({
  // Assets are loaded relative to /graphiql, so that the directory works under any path of a host.
  base: "./",
  // The server replaces this with a new nonce for each response: web/pages/explorer.py.
  html: { cspNonce: "NONCE-OF-THIS-PAGE" },
  build: {
    outDir: "../static/explorer",
    emptyOutDir: true,
    assetsDir: "graphiql",
    modulePreload: { polyfill: false },
    license: { fileName: "graphiql/licenses.md" },
    // The editor alone is larger than the default limit of this warning.
    chunkSizeWarningLimit: 4096,
  },
});
