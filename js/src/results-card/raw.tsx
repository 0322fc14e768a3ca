import { useState } from "preact/hooks";
import { Button } from "../lib/button";

/** Laying out megabytes of text at once would stop the page. */
const CHUNK = 100_000;

export function Raw({ text, name }: { text: string; name: string }) {
  const [shown, show] = useState(CHUNK);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section class="oew-scroll" tabIndex={0} aria-label={`Text of ${name}`}>
        <pre class="oew-raw">{text.slice(0, shown)}</pre>
      </section>
      {shown < text.length && (
        <Button onClick={() => show(shown + CHUNK)}>
          {`Show more (${Math.floor((100 * shown) / text.length)} % shown)`}
        </Button>
      )}
    </>
  );
}
