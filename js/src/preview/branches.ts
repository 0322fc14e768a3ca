/**
 * A tree as far as it was looked at: the kernel holds it, and gives the children of a node a part
 * at a time.
 */

import { infoOf } from "../lib/reason";
import type { ErrorInfo, PreviewChildren, TreeNode } from "../protocol";

/** PreviewChildren that are asked for at once. */
export const PART = 100;

/** To find a member of an object, no more parts of it than this are asked for. */
const MOST_PARTS = 50;

type Ask = (path: string, start: number, count: number) => Promise<unknown>;

interface Branch {
  /** Parts of the children, by their number. */
  parts: Map<number, TreeNode[]>;
  total: number;
  open: boolean;
  error: ErrorInfo | null;
}

/** A row of the tree as it is seen. */
export type TreeRow =
  | { kind: "node"; node: TreeNode; level: number; index: number; of: number; open: boolean | null }
  /** PreviewChildren that are not there yet: those from `start`. */
  | { kind: "more"; path: string; level: number; part: number; count: number; of: number }
  | { kind: "error"; path: string; level: number; error: ErrorInfo };

export class Branches {
  readonly #root: TreeNode;
  readonly #ask: Ask;
  readonly #changed: () => void;
  readonly #branches = new Map<string, Branch>();

  constructor(root: TreeNode, ask: Ask, changed: () => void) {
    this.#root = root;
    this.#ask = ask;
    this.#changed = changed;
  }

  isOpen(path: string): boolean {
    return this.#branches.get(path)?.open ?? false;
  }

  /** Shows the children of a node; asks for the first of them where none are there. */
  async open(node: TreeNode): Promise<void> {
    this.#show(node);
    if (this.#branches.get(node.path)?.parts.size === 0) await this.load(node.path, 0);
  }

  #show(node: TreeNode): void {
    if (node.count === 0) return;
    const branch = this.#branches.get(node.path) ?? newBranch(node.count);
    this.#branches.set(node.path, branch);
    branch.open = true;
    this.#changed();
  }

  close(path: string): void {
    const branch = this.#branches.get(path);
    if (branch) branch.open = false;
    this.#changed();
  }

  async load(path: string, part: number): Promise<void> {
    const branch = this.#branches.get(path);
    if (!branch || branch.parts.has(part)) return;
    branch.error = null;
    try {
      const answer = (await this.#ask(path, part * PART, PART)) as Partial<PreviewChildren> | null;
      branch.parts.set(part, answer?.nodes ?? []);
      branch.total = answer?.total ?? branch.total;
    } catch (error) {
      branch.error = infoOf(error);
    }
    this.#changed();
  }

  /** What is seen, from top to bottom. */
  rows(): TreeRow[] {
    const found: TreeRow[] = [];
    this.#add(found, this.#root, 1, 0, 1);
    return found;
  }

  #add(found: TreeRow[], node: TreeNode, level: number, index: number, of: number): void {
    const branch = this.#branches.get(node.path);
    const open = node.count > 0 ? (branch?.open ?? false) : null;
    found.push({ kind: "node", node, level, index, of, open });
    if (!branch?.open) return;
    const { path } = node;
    if (branch.error) found.push({ kind: "error", path, level: level + 1, error: branch.error });
    const last = Math.ceil(branch.total / PART);
    let missing = 0;
    for (let part = 0; part < last; part += 1) {
      const nodes = branch.parts.get(part);
      if (!nodes) missing += Math.min(PART, branch.total - part * PART);
      else {
        if (missing > 0) found.push(more(path, level + 1, part - 1, missing, branch.total));
        missing = 0;
        nodes.forEach((child, place) => {
          this.#add(found, child, level + 1, part * PART + place, branch.total);
        });
      }
    }
    if (missing === 0) return;
    const parts = [...branch.parts.keys()];
    const next = parts.length > 0 ? Math.max(...parts) + 1 : 0;
    found.push(more(path, level + 1, next, missing, branch.total));
  }

  /**
   * Opens all that is above a path, and asks for what is missing.
   *
   * @returns Whether it was found.
   */
  async reveal(path: string): Promise<boolean> {
    let node = this.#root;
    while (node.path !== path) {
      if (!below(path, node.path)) return false;
      this.#show(node);
      const next = await this.#toward(node, path);
      if (!next) return false;
      node = next;
    }
    return true;
  }

  /** The child that a path leads to. */
  async #toward(node: TreeNode, path: string): Promise<TreeNode | null> {
    const index = /^\[(\d+)\]/.exec(path.slice(node.path.length))?.[1];
    const guess = node.type === "array" && index !== undefined ? Number(index) : null;
    if (guess !== null) await this.load(node.path, Math.floor(guess / PART));
    const branch = this.#branches.get(node.path);
    for (let part = 0; branch && part < Math.ceil(branch.total / PART); part += 1) {
      if (guess === null && part < MOST_PARTS) await this.load(node.path, part);
      const nodes = branch.parts.get(part) ?? [];
      const found = nodes.find((child) => child.path === path || below(path, child.path));
      if (found) return found;
      if (branch.error) return null;
    }
    return null;
  }
}

function newBranch(total: number): Branch {
  return { parts: new Map(), total, open: false, error: null };
}

function more(path: string, level: number, part: number, count: number, of: number): TreeRow {
  return { kind: "more", path, level, part, count, of };
}

/** Whether a path leads on from another one. */
function below(path: string, above: string): boolean {
  const next = path[above.length];
  return path.startsWith(above) && (next === "." || next === "[");
}
