/** A function that is called at once, then at most every `every_ms`, and with the last value. */
export function throttled<Value>(
  call: (value: Value) => void,
  every_ms: number,
  signal: AbortSignal,
): (value: Value) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let held: { value: Value } | null = null;
  const next = () => {
    timer = undefined;
    if (!held) return;
    const { value } = held;
    held = null;
    pass(value);
  };
  const pass = (value: Value) => {
    if (signal.aborted) return;
    if (timer !== undefined) {
      held = { value };
      return;
    }
    timer = setTimeout(next, every_ms);
    call(value);
  };
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return pass;
}
