/** Looking for a text in a tree, and going through what was found. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { useDebounced } from "../lib/debounced";
import { infoOf } from "../lib/reason";
import type { ErrorInfo, PreviewFound } from "../protocol";
import type { Kernel } from "./module";
import { SearchField } from "./search-field";

interface Finding {
  text: string;
  paths: readonly string[];
  more: boolean;
  /** Index of the one that is shown. */
  at: number;
}

const NOTHING: Finding = { text: "", paths: [], more: false, at: 0 };

function wordsOf({ text, paths, more, at }: Finding): string {
  if (!text) return "";
  if (paths.length === 0) return "Nothing found";
  return `${at + 1} of ${paths.length.toLocaleString("en")}${more ? " or more" : ""}`;
}

/** @param show Goes to a path; whether it is there. */
export function useFind(kernel: Kernel, show: (path: string) => Promise<boolean>) {
  const [text, setText] = useState("");
  const [found, setFound] = useState(NOTHING);
  const [error, setError] = useState<ErrorInfo | null>(null);
  const wanted = useDebounced(text.trim());
  const latest = useRef(show);
  latest.current = show;
  const goTo = (path: string | undefined) => {
    if (path !== undefined) void latest.current(path);
  };
  useEffect(() => {
    let current = true;
    setError(null);
    if (!wanted) {
      setFound(NOTHING);
      return undefined;
    }
    kernel.query({ kind: "preview_find", text: wanted }).then(
      (answer) => {
        if (!current) return;
        const { paths = [], more = false } = (answer ?? {}) as Partial<PreviewFound>;
        setFound({ text: wanted, paths, more, at: 0 });
        goTo(paths[0]);
      },
      (why: unknown) => current && setError(infoOf(why)),
    );
    return () => {
      current = false;
    };
  }, [kernel, wanted]);
  const go = (by: number) => {
    const count = found.paths.length;
    if (count === 0) return;
    const at = (found.at + by + count) % count;
    setFound({ ...found, at });
    goTo(found.paths[at]);
  };
  return {
    text,
    setText,
    error,
    go,
    path: found.paths[found.at],
    words: wordsOf(found),
    count: found.paths.length,
  };
}

export function FindBar({ find }: { find: ReturnType<typeof useFind> }) {
  const none = find.count === 0;
  return (
    <>
      <SearchField
        label="Search names and values"
        value={find.text}
        onValue={find.setText}
        onEnter={(back) => find.go(back ? -1 : 1)}
      />
      <span class="oew-sub oew-grow oew-num">{find.words}</span>
      <Button
        kind="quiet"
        icon="up"
        label="Match before"
        disabled={none}
        onClick={() => find.go(-1)}
      />
      <Button
        kind="quiet"
        icon="down"
        label="Next match"
        disabled={none}
        onClick={() => find.go(1)}
      />
    </>
  );
}
