/** A page has the styles of both cards at once, one card within the other. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../src");

function classesIn(folders: RegExp): Set<string> {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf-8" });
  const styles = files.filter((file) => folders.test(file) && file.endsWith(".css"));
  expect(styles).not.toHaveLength(0);
  const found = styles.flatMap((file) =>
    readFileSync(join(SRC, file), "utf-8").match(/\.oew[\w-]*/g),
  );
  return new Set(found.filter((name) => name !== null));
}

test("no class means one thing in one card and another in the other", () => {
  const shared = classesIn(/^lib\//);
  const job = classesIn(/^job/);
  const results = classesIn(/^(results|preview)/);
  const twice = [...job].filter((name) => results.has(name) && !shared.has(name));
  expect(twice).toEqual([]);
});
