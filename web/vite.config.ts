import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import solid from "vite-plugin-solid";

/** Puts the remembered theme in place before the first paint; a file of its own, because the CSP allows no inline script. */
function themeFirst(): Plugin {
  const source = "src/ui/theme-first.js";
  const name = "theme.js";
  return {
    name: "theme-first",
    buildStart() {
      if (this.environment.mode === "build")
        this.emitFile({ type: "asset", name, source: readFileSync(source, "utf8") });
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const built = Object.values(bundle ?? {}).find((file) => file.type === "asset" && file.names.includes(name));
        return [{ tag: "script", attrs: { src: `/${built?.fileName ?? source}` }, injectTo: "head-prepend" }];
      },
    },
  };
}

export default defineConfig({
  plugins: [solid(), themeFirst()],
  build: {
    outDir: "../src/taskflow/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // an inlined picture is a data: address, which the CSP does not allow
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000, // the API's documentation alone is larger than that
    reportCompressedSize: false,
    license: { fileName: "licenses.md" },
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // they know light-dark()
    rollupOptions: {
      checks: { pluginTimings: false },
      input: { app: "index.html", docs: "docs/index.html" },
    },
  },
  server: { proxy: { "/api": { target: process.env["TASKFLOW_PUBLIC_URL"] ?? "http://localhost:8000", ws: true } } },
});
