import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reachable } from "../src/lib/save";
import type { ResultsState } from "../src/protocol";
import widget from "../src/results";
import { results } from "./states";
import { type Drawn, draw } from "./view";

const ERROR = { message: "It is too large.", code: "", id: "", hint: "Fetch it from there." };

let saved: { name: string; blob: Blob }[] = [];
let opened: HTMLAnchorElement[] = [];
const blobs = new Map<string, Blob>();

beforeEach(() => {
  saved = [];
  opened = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    const url = `blob:${blobs.size}`;
    blobs.set(url, blob as Blob);
    return url;
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => void blobs.delete(url));
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    const blob = blobs.get(this.getAttribute("href") ?? "");
    if (blob) saved.push({ name: this.download, blob });
    else opened.push(this);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

const drawResults = () => draw(widget, results(Date.now(), { map: null }));

type View = Drawn<ResultsState>;

/** Answers the last message, which has to be of this kind. */
async function answer({ model }: View, kind: string, data: unknown, ...bytes: Uint8Array[]) {
  await vi.waitFor(() => expect(model.sent.at(-1)).toMatchObject({ kind }));
  const id = model.sent.at(-1)?.id;
  model.sent.push({ kind: "answered" });
  await act(async () => model.message({ id, ok: true, data }, bytes));
}

const passing = { passing: "p-1", name: "stats.csv", size: 6 };
const bytes = (...values: number[]) => Uint8Array.from(values);

describe("a file to this computer", () => {
  it("comes piece by piece, and is saved when it is whole", async () => {
    const view = await drawResults();
    await view.click("Save stats.csv to this computer");
    expect(view.model.sent).toMatchObject([{ kind: "to_computer", key: "stats.csv" }]);
    await answer(view, "to_computer", passing);
    await answer(view, "piece", { state: "more" }, bytes(1, 2, 3));
    expect(view.find(".oew-save").textContent).toContain("to this computer · 3 of 6 B");
    await answer(view, "piece", { state: "more" }, bytes());
    await answer(view, "piece", { state: "whole" }, bytes(4, 5, 6));
    await vi.waitFor(() => expect(saved).toHaveLength(1));
    expect(saved[0]?.name).toBe("stats.csv");
    expect([...new Uint8Array((await saved[0]?.blob.arrayBuffer()) ?? [])]).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    expect(view.find(".oew-save").textContent).toContain("to this computer");
    await view.click("Dismiss what is said of saving stats.csv");
    expect(view.all(".oew-save")).toHaveLength(0);
  });

  it("is not saved when it breaks off, and says why", async () => {
    const view = await drawResults();
    await view.click("Save stats.csv to this computer");
    await answer(view, "to_computer", passing);
    await answer(view, "piece", { state: "failed", error: ERROR }, bytes());
    await vi.waitFor(() => expect(view.find(".oew-save").textContent).toContain("too large"));
    expect(saved).toHaveLength(0);
  });

  it("can be canceled, and the kernel hears of it", async () => {
    const view = await drawResults();
    await view.click("Save stats.csv to this computer");
    await answer(view, "to_computer", passing);
    await view.click("Cancel saving stats.csv");
    await answer(view, "piece", { state: "whole" }, bytes(1));
    await vi.waitFor(() =>
      expect(view.model.sent.at(-1)).toMatchObject({ kind: "end_passing", passing: "p-1" }),
    );
    expect(saved).toHaveLength(0);
    expect(view.find(".oew-save").dataset.save).toBe("canceled");
  });

  it("is fetched by the browser itself where it can, and leaves no trace of the link", async () => {
    const asked = vi.fn(async (_url: string, _options: RequestInit) => new Response());
    vi.stubGlobal("fetch", asked);
    const view = await drawResults();
    const url = "https://store.example/stats.csv?sig=s3cr3t";
    await view.click("Save stats.csv to this computer");
    await answer(view, "to_computer", { url, name: "stats.csv", fits: true });
    await vi.waitFor(() => expect(opened).toHaveLength(1));
    expect(opened[0]).toMatchObject({ target: "_blank", rel: "noopener noreferrer" });
    expect(asked.mock.calls[0]?.[1]).toMatchObject({ credentials: "omit", mode: "no-cors" });
    await vi.waitFor(() => expect(view.find(".oew-save").textContent).toContain("store.example"));
    expect(document.documentElement.outerHTML).not.toContain("s3cr3t");
    await view.click("Nothing came? Fetch stats.csv through the kernel");
    expect(view.model.sent.at(-1)).toMatchObject({ kind: "to_computer", kernel: true });
  });

  it("comes through the kernel where the browser gets no answer", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    const view = await drawResults();
    await view.click("Save stats.csv to this computer");
    const url = "https://inside.example/stats.csv";
    await answer(view, "to_computer", { url, name: "stats.csv", fits: true });
    await answer(view, "to_computer", passing);
    await answer(view, "piece", { state: "whole" }, bytes(1));
    await vi.waitFor(() => expect(saved).toHaveLength(1));
    expect(opened).toHaveLength(0);
  });
});

describe("a zip to this computer", () => {
  it("tells what is not in it", async () => {
    const view = await drawResults();
    await view.click("More downloads");
    await view.click("Save all to this computer as zip");
    expect(view.model.sent).toMatchObject([{ kind: "zip_to_computer", keys: null }]);
    await answer(view, "zip_to_computer", { passing: "p-2", name: "j-1.zip", size: null });
    await answer(view, "piece", { state: "whole", failed: ["a.tif"] }, bytes(80, 75));
    await vi.waitFor(() => expect(saved[0]?.name).toBe("j-1.zip"));
    expect(view.find(".oew-save").textContent).toContain("1 file could not be read: a.tif");
  });
});

describe("a link", () => {
  it.each([
    ["https://a.example/x", "https://hub.example/lab", true],
    ["http://a.example/x", "http://hub.example/lab", true],
    ["http://a.example/x", "https://hub.example/lab", false],
    ["http://127.0.0.1:8000/x", "http://localhost:8888/lab", true],
    ["http://[::1]:8000/x", "https://127.0.0.1/lab", true],
    ["https://localhost/x", "https://hub.example/lab", false],
    ["javascript:alert(1)", "https://hub.example/lab", false],
    ["file:///etc/passwd", "http://localhost/lab", false],
    ["", "http://localhost/lab", false],
  ])("%s is of use on %s: %s", (link, page, expected) => {
    expect(reachable(link, page)).toBe(expected);
  });
});
