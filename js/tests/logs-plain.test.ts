import { describe, expect, it } from "vitest";
import { clockTime, day, fullTime, oneLine, plain } from "../src/job-logs/plain";

describe("log texts", () => {
  it("keep their lines", () => {
    expect(plain("a\r\nb\tc\rd")).toBe("a\nb\tc\nd");
  });

  it("show controls instead of obeying them", () => {
    expect(plain("a\u0000b\u0008c\u001b[2Jd\u007fe\u009bf")).toBe("a␀b␈c␛[2Jd␡e\ufffdf");
  });

  it("fit on one line", () => {
    expect(oneLine("Traceback:\n    line 1\tx\r\nline 2")).toBe("Traceback: ⏎ line 1 x ⏎ line 2");
  });
});

describe("log times", () => {
  const at = new Date(2026, 10, 3, 4, 5, 6).getTime();
  it("are of the viewer's zone", () => {
    expect(clockTime(at)).toBe("04:05:06");
    expect(day(at)).toBe("2026-11-03");
    expect(fullTime(at)).toMatch(/^2026-11-03 04:05:06 \S+/);
  });
});
