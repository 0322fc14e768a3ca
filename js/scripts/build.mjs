// Bundles one ES module and one style sheet per widget into the Python package, and the modules
// that widgets load when they are needed.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const out = resolve(root, "../openeo_widgets/widgets/static");

// Every widget instance carries its bundle to the browser.
const LIMIT_KB = 60;

const common = {
  absWorkingDir: root,
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  banner: { js: "/* Contains Preact, (c) Jason Miller, MIT license. */" },
  logLevel: "info",
};

const chunks = await esbuild.context({
  ...common,
  entryPoints: ["src/graph.tsx", "src/preview.tsx"],
  banner: {
    js: "/* Contains Preact, (c) Jason Miller, and in graph.js dagre, (c) Chris Pettitt: MIT license. */",
  },
});
await chunks.rebuild();

// By it the page keeps apart what kernels with different versions send.
function version(file) {
  const built = readFileSync(resolve(out, file));
  return JSON.stringify(createHash("sha256").update(built).digest("hex").slice(0, 12));
}

const context = await esbuild.context({
  ...common,
  entryPoints: ["src/job.tsx", "src/results.tsx"],
  define: { GRAPH_VERSION: version("graph.js"), PREVIEW_VERSION: version("preview.js") },
});

if (process.argv.includes("--watch")) {
  await chunks.watch();
  await context.watch();
} else {
  await context.rebuild();
  await context.dispose();
  await chunks.dispose();
  const cards = ["job.js", "job.css", "results.js", "results.css"];
  for (const name of [...cards, "graph.js", "preview.js"]) {
    const size = gzipSync(readFileSync(resolve(out, name))).length / 1000;
    console.log(`${name}: ${size.toFixed(1)} kB gzipped`);
    if (size > LIMIT_KB) throw new Error(`${name} is over ${LIMIT_KB} kB`);
  }
}
