/** Numbers and times as people read them. All times are ms since the epoch. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const pad = (value: number) => String(value).padStart(2, "0");

/** "0:03:27", from two days on "5 d 3 h"; negative (clocks that disagree) counts as nothing. */
export function duration(ms: number): string {
  if (ms >= 2 * DAY) return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}

/** As `duration`, without the hours while there are none: "0:41". */
export function shortDuration(ms: number): string {
  return ms < HOUR ? duration(ms).slice(2).replace(/^0/, "") : duration(ms);
}

/** The largest whole unit: "4 s", "2 min", "23 h", "5 d". */
export function span(ms: number): string {
  const positive = Math.max(0, ms);
  if (positive < MINUTE) return `${Math.floor(positive / SECOND)} s`;
  if (positive < HOUR) return `${Math.floor(positive / MINUTE)} min`;
  if (positive < 2 * DAY) return `${Math.floor(positive / HOUR)} h`;
  return `${Math.floor(positive / DAY)} d`;
}

const ASTRONOMIC = 1e15;

/** "1,234.57", "0.0041": as many digits as somebody reads. */
export function figure(value: number): string {
  if (Math.abs(value) >= ASTRONOMIC) return value.toExponential(3);
  return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 1 ? 6 : 2 });
}

/** "14 credits"; without a unit the figure alone. */
export function amount(value: number, unit: string): string {
  if (unit === "") return figure(value);
  // Other units are abbreviations, or nobody knows.
  return `${figure(value)} ${unit === "credits" && value === 1 ? "credit" : unit}`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];
/** What is told beyond is nonsense, and would push everything else aside. */
const MOST_PB = 9999;

function scaled(bytes: number): [string, string] {
  if (bytes > MOST_PB * 1e15) return [`over ${MOST_PB}`, "PB"];
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 kB would round to "1000 kB".
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return [value.toFixed(digits), UNITS[unit] ?? ""];
}

/** "512 B", "4.6 MB", "12 MB": decimal units. */
export function bytes(count: number): string {
  return scaled(count).join(" ");
}

/** "4.6 of 12 MB", with both units where they differ. */
export function bytesOf(done: number, total: number): string {
  const [part, partUnit] = scaled(done);
  const [whole, wholeUnit] = scaled(total);
  return partUnit === wholeUnit
    ? `${part} of ${whole} ${wholeUnit}`
    : `${part} ${partUnit} of ${whole} ${wholeUnit}`;
}

/** "2026-11-23 14:05" in the viewer's zone. */
export function localTime(ms: number): string {
  const at = new Date(ms);
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** "2026-11-23 13:05:09 UTC", for the tooltip of a time. */
export function utcTime(ms: number): string {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) ? "" : `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** The ends of an id that is too long to read: "j-2511…6a4b". */
export function shortId(id: string): string {
  const letters = Array.from(id);
  if (letters.length <= 16) return id;
  return `${letters.slice(0, 6).join("")}…${letters.slice(-4).join("")}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
