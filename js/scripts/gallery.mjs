// Shows every state of the cards on a page of its own, for looking at: node scripts/gallery.mjs [port]
// With --build it only makes the page, in gallery/dist, for the tests to serve.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const options = {
  absWorkingDir: root,
  entryPoints: [
    "gallery/gallery.ts",
    ...["job", "graph", "results", "preview"].map((name) => `src/${name}.tsx`),
  ],
  entryNames: "[name]",
  outdir: "gallery/dist",
  bundle: true,
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { GRAPH_VERSION: '"gallery"', PREVIEW_VERSION: '"gallery"' },
};
if (process.argv.includes("--build")) {
  await esbuild.build(options);
} else {
  const context = await esbuild.context(options);
  const { port } = await context.serve({
    servedir: resolve(root, "gallery"),
    host: "127.0.0.1",
    port: Number(process.argv[2] ?? 0),
  });
  console.log(`http://127.0.0.1:${port}/`);
}
