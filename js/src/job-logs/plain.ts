/** Log texts as they can be shown: control characters as signs, times in the viewer's zone. */

const pad = (value: number) => String(value).padStart(2, "0");

/** A sign in the place of a control character: it must not do what it is for. */
function sign(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}

/** Text of several lines, and harmless. */
export function plain(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\p{Cc}/gu, (control) => ("\n\t".includes(control) ? control : sign(control)));
}

/** The same on one line. */
export function oneLine(text: string): string {
  return plain(text)
    .replace(/\s*\n\s*/g, " \u23ce ")
    .replace(/\t/g, " ");
}

/** "14:05:09" in the viewer's zone. */
export function clockTime(ms: number): string {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(":");
}

/** "2026-11-23" in the viewer's zone. */
export function day(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** "2026-11-23 14:05:09 GMT+1". */
export function fullTime(ms: number): string {
  const parts = new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(ms);
  const zone = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return `${day(ms)} ${clockTime(ms)} ${zone}`;
}
