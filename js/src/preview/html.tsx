/** HTML that a library made of a file, where it can run no script and ask nobody for anything. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Nothing may be loaded into it, pictures by a link among it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Whether the card is dark at the moment: by its text, as the theme may be the notebook's. */
function isDark(el: HTMLElement): boolean {
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(el).color.match(/[\d.]+/g) ?? []).map(
    Number,
  );
  return red + green + blue > 384;
}

/** The names of themes are those that xarray's style sheet looks for. */
export function page(html: string, dark: boolean): string {
  const theme = dark ? "dark" : "light";
  return `<!doctype html><html theme="${theme}" data-theme="${theme}" style="color-scheme:${theme}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><style>body{margin:10px 14px;font:13px/1.45 system-ui,sans-serif}</style></head><body data-theme="${theme}">${html}</body></html>`;
}

export function Html({ html, name }: { html: string; name: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [dark, setDark] = useState<boolean | null>(null);
  useLayoutEffect(() => {
    if (box.current) setDark(isDark(box.current));
  }, []);
  // A frame that is given another page at once may keep the first one.
  return (
    <div ref={box}>
      {dark !== null && (
        <iframe
          class="oew-html"
          sandbox=""
          referrerpolicy="no-referrer"
          title={`Contents of ${name}`}
          srcdoc={page(html, dark)}
        />
      )}
    </div>
  );
}
