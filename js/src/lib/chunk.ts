/**
 * Modules that a card loads only when it needs them: the kernel sends their source, the page keeps
 * the module for all cards.
 */

/** Cards of one page are separate bundles: this is what they share. */
const STORE = Symbol.for("openeo-widgets.chunks");

type Store = Map<string, Promise<unknown>>;

function store(): Store {
  const page = globalThis as { [STORE]?: Store };
  page[STORE] ??= new Map();
  return page[STORE];
}

/** The page does not let a module be made of text, or this one does not run in it. */
export class ChunkError extends Error {}

/** The URL is given up at once: an imported module needs it no more. */
async function fromBlob(source: string): Promise<unknown> {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return await import(/* @vite-ignore */ url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Returns a module, from the page where it has it already. What failed can be tried again.
 *
 * @param version Tells apart what kernels with different versions of the package send.
 * @param fetchSource Asks the kernel. What it throws is passed on.
 * @throws ChunkError It came, and cannot be used.
 */
export async function loadChunk<Module>(
  name: string,
  version: string,
  isModule: (value: unknown) => value is Module,
  fetchSource: () => Promise<string>,
  importModule: (source: string) => Promise<unknown> = fromBlob,
): Promise<Module> {
  const modules = store();
  const key = `${name} ${version}`;
  let module = modules.get(key);
  if (!module) {
    // Only what has come is shared: a card that is closed while it asks never hears an answer.
    const source = await fetchSource();
    module = modules.get(key) ?? importModule(source);
    modules.set(key, module);
  }
  try {
    const loaded = await module;
    if (isModule(loaded)) return loaded;
    throw new TypeError(`not the module ${name}`);
  } catch (error) {
    if (modules.get(key) === module) modules.delete(key);
    throw new ChunkError(error instanceof Error ? error.message : String(error));
  }
}

/** The source in the kernel's answer. */
export function sourceOf(answer: unknown): string {
  const { source } = (answer ?? {}) as { source?: unknown };
  if (typeof source !== "string") throw new Error("The kernel sent no module for the drawing.");
  return source;
}
