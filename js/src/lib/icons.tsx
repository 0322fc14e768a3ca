/** Icons as inline SVG: drawn on a 16 px grid, in the colour of the text around them. */

const PATHS = {
  created: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Z",
  queued: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 5v3.2l2.2 1.4",
  running: "M5 3.2v9.6L13 8Z",
  finished: "M3 8.6 6.4 12 13 4.6",
  error: "M8 2 15 14H1ZM8 6.4v3.4M8 11.6v.6",
  canceled: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM4.2 11.8l7.6-7.6",
  unknown: "M8 2 14 8 8 14 2 8Z",
  play: "M5 3.2v9.6L13 8Z",
  stop: "M4 4h8v8H4Z",
  pause: "M4.5 3.5h2v9h-2ZM9.5 3.5h2v9h-2Z",
  computer: "M2 3h12v8H2ZM5.5 13.5h5M8 11v2.5",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13.2 1.8v3.2H10",
  copy: "M6 6h7v8H6ZM10 6V2H3v8h3",
  check: "M3 8.6 6.4 12 13 4.6",
  download: "M8 2v8M4.6 7 8 10.4 11.4 7M2.5 13.5h11",
  preview:
    "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
  close: "M4 4l8 8M12 4l-8 8",
  chevron: "M6 3.5 10.5 8 6 12.5",
  raster: "M2 2h12v12H2ZM2 6h12M2 10h12M6 2v12M10 2v12",
  layers: "M8 2 14 5.2 8 8.4 2 5.2ZM2 8l6 3.2L14 8M2 10.8 8 14l6-3.2",
  fit: "M4.5 4.5h7v7h-7ZM8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3",
  full: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  unfull: "M6 2.5V6H2.5M10 2.5V6h3.5M10 13.5V10h3.5M6 13.5V10H2.5",
  map: "M2 4l4-1.5 4 1.5 4-1.5v9.5l-4 1.5-4-1.5-4 1.5ZM6 2.5v9.5M10 4v9.5",
  table: "M2 3h12v10H2ZM2 6.5h12M6.5 3v10",
  json: "M6 2.5c-2 0-2 1-2 2.5S4 8 2.5 8C4 8 4 9.5 4 11s0 2.5 2 2.5M10 2.5c2 0 2 1 2 2.5s0 3 1.5 3C12 8 12 9.5 12 11s0 2.5-2 2.5",
  picture: "M2 3h12v10H2ZM2 11l3.5-3.5L9 11l2-2 3 3M10.5 5.5h.8",
  edit: "M10.8 2.7 13.3 5.2 5.5 13H3v-2.5Z",
  duplicate: "M6 6h7v8H6ZM10 6V2H3v8h3M9.5 8.2v3.6M7.7 10h3.6",
  code: "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5",
  open: "M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4",
  more: "M3.2 8h.01M8 8h.01M12.8 8h.01",
  trash: "M2.5 4.5h11M6 4.5V2.5h4v2M4 4.5l.7 9h6.6l.7-9",
  left: "M9.5 3.5 5 8l4.5 4.5",
  right: "M6.5 3.5 11 8l-4.5 4.5",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  whole: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  wrap: "M2 4h12M2 8h9.5a2 2 0 0 1 0 4H8M9.8 10.2 8 12l1.8 1.8M2 12h3",
  chart: "M2.5 2v11.5H14M5 10.5l2.8-4 2.4 2L13.5 4",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.4 10.4 14 14",
  up: "M3.5 10 8 5.5l4.5 4.5",
  down: "M3.5 6 8 10.5 12.5 6",
  file: "M4 2h5.5L12.5 5v9H4ZM9 2v3.5h3.5",
} as const;

const SOLID = new Set<IconName>(["running", "play", "stop", "pause"]);

export type IconName = keyof typeof PATHS;

/** Without a `label` it is decoration, and screen readers pass over it. */
export function Icon({ name, label }: { name: IconName; label?: string }) {
  const solid = SOLID.has(name);
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: decoration is hidden, the rest has its label
    <svg
      class={`oew-icon${solid ? " oew-icon-solid" : ""}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      focusable="false"
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
