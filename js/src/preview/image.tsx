/** The view "Image": fitted, or as large as somebody wants, then it is moved by scrolling. */

import { useEffect, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { ErrorText, Text } from "../lib/messages";
import { infoOf } from "../lib/reason";
import type { ErrorInfo, ImageView } from "../protocol";
import { useGrab } from "./grab";
import type { Kernel } from "./module";

interface Picture {
  url: string;
  error: ErrorInfo | null;
}

function mediaType(data: unknown): string {
  const { media_type } = (data ?? {}) as { media_type?: unknown };
  const type = typeof media_type === "string" ? media_type : "";
  return type.startsWith("image/") ? type : "image/png";
}

/** The picture's bytes as a link that this page alone knows, for as long as it is shown. */
function usePicture(kernel: Kernel, attempt: number): Picture | null {
  const [picture, setPicture] = useState<Picture | null>(null);
  useEffect(() => {
    let url = "";
    let current = true;
    setPicture(null);
    kernel.queryBytes({ kind: "preview_image" }).then(
      ({ data, parts }) => {
        if (!current) return;
        url = URL.createObjectURL(new Blob(parts, { type: mediaType(data) }));
        setPicture({ url, error: null });
      },
      (error: unknown) => current && setPicture({ url: "", error: infoOf(error) }),
    );
    return () => {
      current = false;
      if (url) URL.revokeObjectURL(url);
    };
  }, [kernel, attempt]);
  return picture;
}

const BROKEN: ErrorInfo = {
  message: "The browser cannot show this image.",
  code: "",
  id: "",
  hint: "Download the file instead.",
};

const STEP = 1.5;
const LEAST = 0.02;
const MOST = 40;

/** null: as large as fits. */
type Zoom = number | null;

export function Image(props: ImageView & { name: string; kernel: Kernel }) {
  const { width, height, alt, note, name, kernel } = props;
  const [attempt, setAttempt] = useState(0);
  const [broken, setBroken] = useState(false);
  const picture = usePicture(kernel, attempt);
  const { box, grab } = useGrab();
  const [zoom, setZoom] = useState<Zoom>(null);
  const scale = (factor: number) => {
    const img = box.current?.querySelector("img");
    const now = zoom ?? (img && width > 0 ? img.clientWidth / width : 1);
    setZoom(Math.min(MOST, Math.max(LEAST, now * factor)));
  };
  const error = broken ? BROKEN : picture?.error;
  if (error) {
    return (
      <div class="oew-pad oew-empty">
        <ErrorText error={error} />
        <Button icon="refresh" onClick={() => [setBroken(false), setAttempt(attempt + 1)]}>
          Try again
        </Button>
      </div>
    );
  }
  const size = zoom === null ? {} : { width: `${width * zoom}px`, maxWidth: "none" };
  return (
    <>
      <ImageTools {...{ width, height, note, zoom, scale, setZoom }} />
      <div
        class={`oew-image${zoom === null ? " oew-image-fit" : ""}`}
        ref={box}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        tabIndex={0}
        aria-label={`Image ${name}. Plus and minus change its size, 0 fits it.`}
        onKeyDown={(event) => pressed(event, scale, () => setZoom(null))}
        {...grab}
      >
        {picture ? (
          <img
            src={picture.url}
            alt={alt || name}
            draggable={false}
            style={{ ...size, ...((zoom ?? 1) >= 3 ? { imageRendering: "pixelated" } : {}) }}
            onError={() => setBroken(true)}
          />
        ) : (
          <p class="oew-sub">Reading the image…</p>
        )}
      </div>
    </>
  );
}

function pressed(event: KeyboardEvent, scale: (factor: number) => void, refit: () => void) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "+" || event.key === "=") scale(STEP);
  else if (event.key === "-") scale(1 / STEP);
  else if (event.key === "0") refit();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

interface ToolsProps {
  width: number;
  height: number;
  note: string;
  zoom: Zoom;
  scale: (factor: number) => void;
  setZoom: (zoom: Zoom) => void;
}

function ImageTools({ width, height, note, zoom, scale, setZoom }: ToolsProps) {
  const percent = zoom === null ? "fitted" : `${Math.round(zoom * 100)} %`;
  return (
    <div class="oew-view-tools">
      <span class="oew-sub oew-grow oew-num" role="status">
        {width > 0 && `${width.toLocaleString("en")} × ${height.toLocaleString("en")} px · `}
        {percent}
        {note && (
          <>
            {" · "}
            <Text>{note}</Text>
          </>
        )}
      </span>
      <Button kind="quiet" icon="plus" label="Larger" onClick={() => scale(STEP)} />
      <Button kind="quiet" icon="minus" label="Smaller" onClick={() => scale(1 / STEP)} />
      <Button kind="quiet" disabled={zoom === 1} onClick={() => setZoom(1)}>
        100 %
      </Button>
      <Button
        kind="quiet"
        icon="whole"
        label="Fit"
        disabled={zoom === null}
        onClick={() => setZoom(null)}
      />
    </div>
  );
}
