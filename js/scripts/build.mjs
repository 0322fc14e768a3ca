// Bundles one ES module and one style sheet per widget into the Python package.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const out = resolve(root, "../openeo_widgets/widgets/static");

// Every widget instance carries its bundle to the browser.
const LIMIT_KB = 60;

const context = await esbuild.context({
  absWorkingDir: root,
  entryPoints: ["src/job.tsx", "src/results.tsx"],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  banner: { js: "/* Contains Preact, (c) Jason Miller, MIT license. */" },
  logLevel: "info",
});

if (process.argv.includes("--watch")) {
  await context.watch();
} else {
  await context.rebuild();
  await context.dispose();
  for (const name of ["job.js", "job.css", "results.js", "results.css"]) {
    const size = gzipSync(readFileSync(resolve(out, name))).length / 1000;
    console.log(`${name}: ${size.toFixed(1)} kB gzipped`);
    if (size > LIMIT_KB) throw new Error(`${name} is over ${LIMIT_KB} kB`);
  }
}
