import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { precompress } from "./precompress.ts";

/** `vite` by hand proxies to a running `slotkeeper up`, or to the fake API of the browser tests. */
const apiUrl = "http://127.0.0.1:7380";

export default defineConfig(({ command }) => {
  // Vite takes NODE_ENV from whoever calls it: built from a test run, the page would carry React's development build.
  if (command === "build") process.env["NODE_ENV"] = "production";
  return {
    plugins: [react(), precompress()],
    server: { host: "127.0.0.1", proxy: { "/api": { target: apiUrl } } },
    build: {
      target: "es2023",
      // A data: URL would need a wider Content-Security-Policy than 'self'.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      sourcemap: false,
    },
  };
});
