/** Previews for the tests and the gallery, and a kernel that answers what is asked about them. */

import type {
  ChartLine,
  ChartView,
  Preview,
  PreviewChildren,
  PreviewFound,
  PreviewLines,
  PreviewRows,
  PreviewView,
  TableColumn,
  TableView,
  TreeNode,
  TreeView,
} from "../src/protocol";

const DAY = 86_400_000;
const START = Date.UTC(2022, 0, 3);

function line(name: string, changes: Partial<ChartLine>): ChartLine {
  return { name, group: "", band: "", x: [], y: [], ...changes };
}

/** Two fields over a year, every ten days, with a gap in the cloudy weeks of the first. */
export function fields(): [ChartLine, ChartLine] {
  const x = Array.from({ length: 36 }, (_, index) => START + index * 10 * DAY);
  const curve = (top: number, peak: number) => (_: number, index: number) =>
    0.22 + top * Math.exp(-(((index - peak) / 8) ** 2));
  const first = x.map(curve(0.55, 17)).map((y, index) => (index > 7 && index < 11 ? null : y));
  return [
    line("field 1", { group: "field 1", x, y: first }),
    line("field 2", { group: "field 2", x, y: x.map(curve(0.38, 19)) }),
  ];
}

/** Every band of every geometry. */
export function manyLines(geometries: number, bands: number, points: number): ChartLine[] {
  return Array.from({ length: geometries * bands }, (_, index) => {
    const [g, b] = [Math.floor(index / bands), index % bands];
    const x = Array.from({ length: points }, (_, at) => START + at * DAY);
    const y = x.map((_, at) => {
      if ((at + g * 7) % 90 < 6) return null;
      return (b + 1) * 0.2 + Math.sin(at / 40 + g) * 0.1 + Math.sin(at * 12.9898 + index) * 0.02;
    });
    const [group, band] = [`field ${g + 1}`, `B0${b + 2}`];
    return line(`${group} · ${band}`, { group, band, x, y });
  });
}

export function chart(changes: Partial<ChartView> = {}): ChartView {
  const found = { lines: fields(), x: "time", x_name: "t", note: "" } as const;
  return { kind: "chart", label: "Chart", ...found, lines: [...found.lines], ...changes };
}

export function preview(changes: Partial<Preview> = {}): Preview {
  return {
    key: "timeseries.json",
    name: "timeseries.json",
    state: "ready",
    error: null,
    note: "",
    question: "",
    python: 'results.get_asset("timeseries.json").load_json()',
    views: [chart(), tree(SERIES), text(JSON.stringify(SERIES, null, 1))],
    ...changes,
  };
}

export function text(content: string, complete = true): PreviewView {
  return { kind: "text", label: "Text", text: content, complete };
}

const COLUMNS: TableColumn[] = [
  { name: "date", type: "datetime", numeric: false },
  { name: "feature", type: "int64", numeric: true },
  { name: "ndvi", type: "float64", numeric: true },
  { name: "cloud_cover", type: "float64", numeric: true },
  { name: "remark", type: "string", numeric: false },
];

export function table(changes: Partial<TableView> = {}): TableView {
  const found = { columns: COLUMNS, rows: 1_000_000, note: "", charts: true };
  return { kind: "table", label: "Table", ...found, ...changes };
}

/** Row by row, without holding them. */
export function rowAt(index: number): (string | null)[] {
  const date = new Date(START + (index % 3650) * DAY).toISOString().slice(0, 10);
  const ndvi = index % 11 === 7 ? null : (0.5 + 0.4 * Math.sin(index / 60)).toFixed(4);
  const remark = index % 50 === 49 ? "no valid pixel: the scene lies below clouds all over" : "";
  return [date, String(index % 25), ndvi, ((index * 37) % 101).toFixed(1), remark];
}

const SERIES = Object.fromEntries(
  fields()[0].x.map((at, index) => [
    new Date(at).toISOString(),
    fields().map(({ y }) => [y[index] ?? null]),
  ]),
);

/** GeoJSON as `aggregate_spatial` makes it. */
export function features(count: number): unknown {
  return {
    type: "FeatureCollection",
    crs: null,
    features: Array.from({ length: count }, (_, index) => ({
      type: "Feature",
      id: `f-${index}`,
      geometry: { type: "Point", coordinates: [16.3 + index / 1000, 48.2] },
      properties: { name: `field ${index}`, crop: index % 3 ? "wheat" : "maize", irrigated: false },
    })),
  };
}

type Json = Record<string, unknown> | unknown[];

const isBranch = (value: unknown): value is Json => typeof value === "object" && value !== null;

function node(name: string, path: string, value: unknown): TreeNode {
  const count = isBranch(value) ? Object.keys(value).length : 0;
  const plain = typeof value as "string" | "number" | "boolean";
  const type = Array.isArray(value)
    ? "array"
    : value === null
      ? "null"
      : isBranch(value)
        ? "object"
        : plain;
  return { name, path, type, text: JSON.stringify(value).slice(0, 60), count };
}

function childrenOf(path: string, value: Json): TreeNode[] {
  const list = Array.isArray(value);
  return Object.entries(value).map(([key, child]) => {
    const step = list ? `[${key}]` : /^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    return node(key, path + step, child);
  });
}

export function tree(value: unknown): TreeView & { value: unknown } {
  return { kind: "tree", label: "Tree", root: node("$", "$", value), note: "", value };
}

interface Question {
  kind: string;
  view: number;
  start: number;
  count: number;
  sort: string;
  descending: boolean;
  search: string;
  x: string;
  y: string[];
  path: string;
  text: string;
}

/** Answers what is asked about a preview. */
export class PreviewKernel {
  /** Every node of the tree, by its path, with its children. */
  readonly #branches = new Map<string, TreeNode[]>();
  readonly #preview: Preview;

  constructor(preview: Preview) {
    this.#preview = preview;
    for (const view of preview.views) {
      if (view.kind === "tree") this.#walk("$", (view as ReturnType<typeof tree>).value);
    }
  }

  #walk(path: string, value: unknown): void {
    if (!isBranch(value)) return;
    const nodes = childrenOf(path, value);
    this.#branches.set(path, nodes);
    Object.values(value).forEach((child, index) => {
      this.#walk(nodes[index]?.path ?? "", child);
    });
  }

  answer(question: Partial<Question>): unknown {
    const asked = question as Question;
    if (asked.kind === "preview_rows") return this.#rows(asked);
    if (asked.kind === "preview_columns") return this.#lines(asked);
    if (asked.kind === "preview_children") return this.#children(asked);
    if (asked.kind === "preview_find") return this.#find(asked);
    return undefined;
  }

  #rows({ view, start, count, sort, descending, search }: Question): PreviewRows {
    const found = this.#preview.views[view] as TableView;
    const column = found.columns.findIndex(({ name }) => name === sort);
    let order: number[] | null = null;
    if (search || column >= 0) {
      const least = Math.min(found.rows, 20_000);
      order = Array.from({ length: least }, (_, index) => index).filter((index) =>
        rowAt(index).some((cell) => cell?.includes(search)),
      );
      const value = (index: number) => rowAt(index)[column] ?? "";
      if (column >= 0) {
        order.sort((a, b) => value(a).localeCompare(value(b), "en", { numeric: true }));
      }
      if (descending) order.reverse();
    }
    const total = order && search ? order.length : found.rows;
    const end = Math.min(total, start + Math.min(200, count));
    const length = Math.max(0, end - start);
    const rows = Array.from({ length }, (_, i) => rowAt(order?.[start + i] ?? start + i));
    return { start, total, rows: rows.map((row) => row.slice(0, found.columns.length)) };
  }

  #lines({ view, x, y }: Question): PreviewLines {
    const { columns } = this.#preview.views[view] as TableView;
    const at = (name: string) => columns.findIndex((column) => column.name === name);
    const indices = Array.from({ length: 400 }, (_, index) => index);
    const time = x === "date";
    const places = indices.map((index) => {
      const text = x ? (rowAt(index)[at(x)] ?? "") : String(index);
      return time ? Date.parse(text) : Number(text);
    });
    const figureOf = (name: string) => (index: number) => {
      const value = rowAt(index)[at(name)];
      return value ? Number(value) : null;
    };
    const lines = y.map((name) =>
      line(name, { band: name, x: places, y: indices.map(figureOf(name)) }),
    );
    return { lines, x: time ? "time" : "number", note: "The first 400 of 1,000,000 rows." };
  }

  #children({ path, start, count }: Question): PreviewChildren {
    const nodes = this.#branches.get(path) ?? [];
    return { nodes: nodes.slice(start, start + count), total: nodes.length };
  }

  #find({ text: wanted }: Question): PreviewFound {
    const all = [...this.#branches.values()].flat();
    const matching = all.filter((one) => `${one.name} ${one.text}`.includes(wanted));
    const leaves = matching.filter((one) => one.count === 0 || one.name.includes(wanted));
    return { paths: leaves.slice(0, 100).map(({ path }) => path), more: leaves.length > 100 };
  }
}
