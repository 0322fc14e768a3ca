import { afterEach, describe, expect, it, vi } from "vitest";
import { ChunkError, loadChunk } from "../src/lib/chunk";

interface Part {
  show: () => string;
}

const isPart = (value: unknown): value is Part =>
  typeof (value as Partial<Part> | null)?.show === "function";

const SOURCE = "export const show = () => 'drawn'";
const part: Part = { show: () => "drawn" };

afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for("openeo-widgets.chunks"));
});

describe("a module that is loaded when it is needed", () => {
  it("is asked for once in a page, however many cards want it", async () => {
    const ask = vi.fn(async () => SOURCE);
    const run = vi.fn(async () => part);
    const load = () => loadChunk("part", "1", isPart, ask, run);
    const first = await load();
    expect(await load()).toBe(first);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(run).toHaveBeenCalledWith(SOURCE);
  });

  it("runs once where two cards ask at the same time", async () => {
    const run = vi.fn(async () => ({ ...part }));
    const load = () => loadChunk("part", "1", isPart, async () => SOURCE, run);
    const [one, other] = await Promise.all([load(), load()]);
    expect(one).toBe(other);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("is not waited for by others when a card that asked has gone", async () => {
    void loadChunk(
      "part",
      "1",
      isPart,
      () => new Promise<string>(() => {}),
      async () => part,
    );
    const load = loadChunk(
      "part",
      "1",
      isPart,
      async () => SOURCE,
      async () => part,
    );
    expect(await load).toBe(part);
  });

  it("is another one for another version", async () => {
    const run = vi.fn(async () => ({ ...part }));
    await loadChunk("part", "1", isPart, async () => SOURCE, run);
    await loadChunk("part", "2", isPart, async () => SOURCE, run);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it.each([
    ["does not run", async () => Promise.reject(new TypeError("blocked by CSP"))],
    ["is not the one", async () => ({})],
  ])("can be tried again where it %s", async (_, broken) => {
    const first = loadChunk("part", "1", isPart, async () => SOURCE, broken);
    await expect(first).rejects.toBeInstanceOf(ChunkError);
    const again = loadChunk(
      "part",
      "1",
      isPart,
      async () => SOURCE,
      async () => part,
    );
    expect(await again).toBe(part);
  });

  it("passes on why the kernel did not send it", async () => {
    const refuse = () => Promise.reject(new Error("the kernel is gone"));
    const load = loadChunk("part", "1", isPart, refuse, async () => part);
    await expect(load).rejects.toThrow("the kernel is gone");
    await expect(load).rejects.not.toBeInstanceOf(ChunkError);
  });

  it("is given a URL for no longer than it takes", async () => {
    const url = `data:text/javascript,${encodeURIComponent(SOURCE)}`;
    vi.spyOn(URL, "createObjectURL").mockReturnValue(url);
    const revoke = vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
    const loaded = await loadChunk("part", "1", isPart, async () => SOURCE);
    expect(loaded.show()).toBe("drawn");
    expect(revoke).toHaveBeenCalledWith(url);
  });
});
