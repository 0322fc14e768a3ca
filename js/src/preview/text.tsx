/** The view "Text". */

import { useState } from "preact/hooks";
import { Button } from "../lib/button";
import { CopyButton } from "../lib/copy";

/** Laying out megabytes of text at once would stop the page. */
const CHUNK = 100_000;

interface TextProps {
  name: string;
  text: string;
  complete: boolean;
}

export function TextView({ name, text, complete }: TextProps) {
  const [shown, show] = useState(CHUNK);
  const [wrap, setWrap] = useState(true);
  return (
    <>
      <div class="oew-view-tools">
        <span class="oew-sub oew-grow">
          {text === "" && "The file is empty."}
          {!complete && "This is the beginning of the file."}
        </span>
        <label class="oew-check">
          <input
            type="checkbox"
            checked={wrap}
            onChange={(event) => setWrap(event.currentTarget.checked)}
          />
          Wrap lines
        </label>
        <CopyButton text={text} label="Copy this text" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section class="oew-scroll" tabIndex={0} aria-label={`Text of ${name}`}>
        <pre class={`oew-raw${wrap ? " oew-raw-wrapped" : ""}`}>{text.slice(0, shown)}</pre>
        {shown < text.length && (
          <Button onClick={() => show(shown + CHUNK)}>
            {`Show more (${Math.floor((100 * shown) / text.length)} % shown)`}
          </Button>
        )}
      </section>
    </>
  );
}
