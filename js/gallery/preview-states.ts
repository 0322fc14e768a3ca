/** Previews of every kind. */

import type { Preview, ResultsState } from "../src/protocol";
import {
  chart,
  features,
  manyLines,
  PreviewKernel,
  preview,
  table,
  text,
  tree,
} from "../tests/previews";
import { results } from "../tests/states";

const KERNELS = new WeakMap<object, PreviewKernel>();

const USUAL = new PreviewKernel(preview());

const HOSTILE = `<b>${"يونيكود".repeat(12)}</b>${"_x".repeat(80)}`;

const XARRAY = `<style>.xr{color:var(--xr-font-color0,var(--jp-content-font-color0,rgba(0,0,0,.9)))}
html[data-theme="dark"]{--xr-font-color0:rgba(255,255,255,1)}</style>
<div class="xr"><b>xarray.Dataset</b><ul><li>Dimensions: x: 120, y: 80, t: 12</li>
<li>Data variables: B04 (t, y, x) float32</li></ul></div><script>document.body.textContent = "ran"</script>
<img src="http://127.0.0.1:1/pixel.png">`;

const PREVIEWS: [string, Partial<Preview>][] = [
  ["Chart by geometry and band", { views: [chart({ lines: manyLines(4, 3, 400) })] }],
  [
    "Chart of 100 000 points",
    { views: [chart({ lines: manyLines(10, 2, 5000), note: "All 100,000 points." })] },
  ],
  ["Chart of many lines", { views: [chart({ lines: manyLines(100, 1, 1000) })] }],
  [
    "Chart over numbers, one line",
    {
      views: [
        chart({
          x: "number",
          x_name: "wavelength / nm",
          lines: [
            {
              name: "",
              group: "",
              band: "reflectance",
              x: [400, 500, 600, 705, 783, 842, 865],
              y: [0.04, 0.05, 0.09, null, 0.31, 0.42, 0.41],
            },
          ],
        }),
      ],
    },
  ],
  ["Chart without points", { views: [chart({ lines: [] })] }],
  [
    "Table of a million rows",
    {
      name: "stats.csv",
      views: [table(), text("date,feature\n2022-01-03,1\n", false)],
      python: 'pandas.read_csv("stats.csv")',
    },
  ],
  [
    "Listing of an archive",
    {
      name: "results.zip",
      note: "The first 1,000 of 12,345 files.",
      views: [
        table({
          label: "Files",
          charts: false,
          rows: 12,
          columns: [
            { name: "name", type: "", numeric: false },
            { name: "size", type: "bytes", numeric: true },
          ],
        }),
      ],
    },
  ],
  ["Tree of features", { name: "fields.geojson", views: [tree(features(5000))] }],
  [
    "Text that is not whole",
    {
      name: "job.log",
      note: "The first 5 MB of 512 MB.",
      question: "512 MB: read all of it?",
      views: [text(`${"INFO tile 0412 done in 12 s, ".repeat(9)}\n`.repeat(60), false)],
    },
  ],
  [
    "Image",
    {
      name: "quicklook.png",
      views: [{ kind: "image", label: "Image", width: 640, height: 400, alt: "", note: "" }],
    },
  ],
  [
    "Facts and HTML",
    {
      name: "cube.nc",
      python: 'xarray.open_dataset("cube.nc")',
      views: [
        { kind: "html", label: "Dataset", html: XARRAY },
        {
          kind: "facts",
          label: "About",
          facts: [
            { name: "Media type", text: "application/netcdf" },
            { name: "Size", text: "42 MB" },
            { name: HOSTILE.slice(0, 60), text: HOSTILE },
            { name: "First bytes", text: "89 48 44 46 0d 0a 1a 0a" },
          ],
        },
      ],
    },
  ],
  [
    "Question before a large file",
    {
      name: "all.json",
      state: "ask",
      question: "512 MB: preview the first 5 MB?",
      views: [],
    },
  ],
  [
    "Preview that failed",
    {
      state: "error",
      views: [],
      error: {
        message: "NetCDF needs xarray, which is not installed.",
        code: "",
        id: "",
        hint: 'pip install "openeo-widgets[cube]"',
      },
    },
  ],
  [
    "Preview, hostile",
    {
      name: HOSTILE,
      note: HOSTILE,
      python: `open(${HOSTILE})`,
      views: [
        chart({
          lines: chart().lines.map((line) => ({
            ...line,
            name: HOSTILE,
            group: HOSTILE + line.group,
          })),
        }),
        tree({ [HOSTILE]: HOSTILE, "": [[[[[[[[HOSTILE]]]]]]]] }),
        text(HOSTILE),
      ],
    },
  ],
];

export function previewStates(now: number): [string, ResultsState][] {
  return PREVIEWS.map(([title, changes]) => {
    const shown = preview({ key: "timeseries.json", ...changes });
    const state = results(now, { map: null, assets: [], preview: shown });
    KERNELS.set(state, new PreviewKernel(shown));
    return [title, state];
  });
}

/** A picture with a grid, so that its size is seen. */
async function picture(): Promise<ArrayBufferView> {
  const canvas = new OffscreenCanvas(640, 400);
  const pen = canvas.getContext("2d");
  if (!pen) return new Uint8Array();
  for (let x = 0; x < 640; x += 40) {
    for (let y = 0; y < 400; y += 40) {
      pen.fillStyle = `hsl(${x / 2} 60% ${20 + y / 8}%)`;
      pen.fillRect(x, y, 38, 38);
    }
  }
  return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
}

export interface PreviewAnswer {
  data: unknown;
  bytes: ArrayBufferView[];
}

/** What the kernel would answer about a preview, or null. */
export async function previewAnswer(
  state: object,
  message: Record<string, unknown>,
): Promise<PreviewAnswer | null> {
  if (message.kind === "chunk" && message.name === "preview") {
    return { data: { source: await (await fetch("dist/preview.js")).text() }, bytes: [] };
  }
  if (message.kind === "preview_image") {
    return { data: { media_type: "image/png" }, bytes: [await picture()] };
  }
  const data = (KERNELS.get(state) ?? USUAL).answer(message);
  return data === undefined ? null : { data, bytes: [] };
}
