import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import widget from "../src/job";
import type { JobState } from "../src/protocol";
import { freshness, job, RESTING, steps } from "./states";
import { draw } from "./view";

const NOW = Date.UTC(2026, 10, 23, 13);

/** The browser's constructor, as far as it is used. */
class StubNotification {
  static permission: NotificationPermission = "granted";
  static answer: NotificationPermission = "granted";
  static asked = 0;
  static made: StubNotification[] = [];
  onclick: (() => void) | null = null;
  closed = false;

  constructor(
    readonly title: string,
    readonly options: NotificationOptions,
  ) {
    StubNotification.made.push(this);
  }

  static async requestPermission(): Promise<NotificationPermission> {
    StubNotification.asked += 1;
    StubNotification.permission = StubNotification.answer;
    return StubNotification.answer;
  }

  close(): void {
    this.closed = true;
  }
}

const FINISHED: Partial<JobState> = {
  status: "finished",
  steps: steps(NOW, ["created", 10], ["queued", 80], ["running", 648], ["finished", 60]),
  freshness: freshness(NOW, RESTING),
  actions: ["start", "refresh"],
};

let focused = false;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "setInterval", "clearInterval"] });
  Object.assign(StubNotification, { permission: "granted", answer: "granted", asked: 0, made: [] });
  vi.stubGlobal("Notification", StubNotification);
  vi.spyOn(document, "hasFocus").mockImplementation(() => focused);
  focused = false;
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** After what is promised has come. */
const settled = () => act(() => new Promise<void>((resolve) => setTimeout(resolve, 0)));

const drawJob = (changes: Partial<JobState> = {}) => draw(widget, job(NOW, changes));

describe("the notification", () => {
  it("tells the end once, in plain text, and a click leads back to the page", async () => {
    const { update } = await drawJob({ notify: true, title: "NDVI <b>2022</b>" });
    await update(FINISHED);
    await update({ notice: "news", results: null });
    const [made] = StubNotification.made;
    expect(StubNotification.made).toHaveLength(1);
    expect(made?.title).toBe("NDVI <b>2022</b>: finished");
    expect(made?.options).toEqual({ body: "after 0:12:08", tag: "j-25110810426a4b77d1c0e6a4b" });
    const focus = vi.spyOn(window, "focus").mockImplementation(() => undefined);
    made?.onclick?.();
    expect(focus).toHaveBeenCalledOnce();
    expect(made?.closed).toBe(true);
  });

  it("of two views has one tag", async () => {
    const one = await drawJob({ notify: true });
    const other = await drawJob({ notify: true });
    await one.update(FINISHED);
    await other.update(FINISHED);
    expect(new Set(StubNotification.made.map(({ options }) => options.tag)).size).toBe(1);
  });

  it.each(["error", "canceled"])("tells an end in %s too", async (status) => {
    const { update } = await drawJob({ notify: true });
    await update({ ...FINISHED, status });
    expect(StubNotification.made[0]?.title).toBe(`NDVI timeseries 2022: ${status}`);
  });

  it("tells each end of a job that is started again", async () => {
    const { update } = await drawJob({ notify: true });
    await update(FINISHED);
    await update({ status: "running" });
    await update(FINISHED);
    expect(StubNotification.made).toHaveLength(2);
  });

  it.each([
    ["that came before the card", { ...FINISHED, notify: true }],
    ["that the first answer tells of", { status: "", steps: [], notify: true }],
    ["that nobody wants to hear of", { notify: false }],
  ])("does not tell an end %s", async (_, state) => {
    const { update } = await drawJob(state);
    await update(FINISHED);
    expect(StubNotification.made).toEqual([]);
  });

  it("is not for somebody who is at the page", async () => {
    focused = true;
    const { update } = await drawJob({ notify: true });
    await update(FINISHED);
    expect(StubNotification.made).toEqual([]);
  });

  it("needs the browser's leave", async () => {
    StubNotification.permission = "default";
    const { update } = await drawJob({ notify: true });
    await update(FINISHED);
    expect(StubNotification.made).toEqual([]);
  });

  it("that the browser refuses to make harms nobody", async () => {
    vi.stubGlobal(
      "Notification",
      class {
        static permission = "granted";
        constructor() {
          throw new TypeError("Illegal constructor");
        }
      },
    );
    const { update, find } = await drawJob({ notify: true });
    await update(FINISHED);
    expect(find(".oew-status").textContent).toBe("finished");
  });
});

describe("the box to tick", () => {
  const drawBox = async (changes: Partial<JobState> = {}) => {
    const drawn = await drawJob(changes);
    await drawn.click("Details");
    const box = drawn.find('input[type="checkbox"]') as HTMLInputElement;
    const tick = async () => {
      await act(async () => box.click());
      await settled();
    };
    const wishes = () => drawn.model.sent.filter(({ kind }) => kind === "notify");
    return { ...drawn, box, tick, wishes };
  };

  it("asks the browser in the click, and then tells the kernel", async () => {
    StubNotification.permission = "default";
    const { box, tick, wishes, update } = await drawBox();
    await tick();
    expect(StubNotification.asked).toBe(1);
    expect(wishes()).toMatchObject([{ on: true }]);
    expect(box.checked).toBe(false); // until the kernel says so
    await update({ notify: true });
    expect(box.checked).toBe(true);
  });

  it("asks nobody to switch it off", async () => {
    const { tick, wishes } = await drawBox({ notify: true });
    await tick();
    expect(StubNotification.asked).toBe(0);
    expect(wishes()).toMatchObject([{ on: false }]);
  });

  it("says that the browser refuses, and what to do", async () => {
    StubNotification.answer = "denied";
    const { find, tick, wishes } = await drawBox();
    await tick();
    expect(wishes()).toEqual([]);
    expect(find(".oew-notify").textContent).toContain("Allow them in its settings");
  });

  it("says that the browser has none", async () => {
    vi.stubGlobal("Notification", undefined);
    Reflect.deleteProperty(window, "Notification");
    const { find, tick } = await drawBox();
    await tick();
    expect(find(".oew-notify").textContent).toContain("no notifications");
  });

  it("asks for leave where it was switched on in Python", async () => {
    StubNotification.permission = "default";
    const { click, find, wishes } = await drawBox({ notify: true });
    expect(find(".oew-notify").textContent).toContain("has not been asked");
    await click("Ask the browser");
    await settled();
    expect(StubNotification.asked).toBe(1);
    expect(find(".oew-notify").textContent).not.toContain("has not been asked");
    expect(wishes()).toEqual([]);
  });
});
