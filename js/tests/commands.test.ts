import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Commands, LATE_MS } from "../src/lib/commands";
import type { JobState } from "../src/protocol";
import { FakeModel } from "./fake-model";

function setup() {
  const model = new FakeModel({});
  const changed = vi.fn();
  const controller = new AbortController();
  const commands = new Commands(model, changed, controller.signal);
  return { model, changed, controller, commands };
}

const ERROR = { message: "Not allowed.", code: "Forbidden", id: "r-1", hint: "Sign in." };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("commands", () => {
  it("send an id, the kind and what belongs to it", () => {
    const { model, commands } = setup();
    commands.send({ kind: "download", key: "a.tif" });
    expect(model.sent).toEqual([{ id: expect.any(String), kind: "download", key: "a.tif" }]);
  });

  it("are the messages that the protocol has, with their fields", () => {
    const { commands } = setup();
    const ofJob = commands as unknown as Commands<JobState>;
    ofJob.send({ kind: "look", visible: true });
    // @ts-expect-error - there is no such message
    ofJob.send({ kind: "download", key: "a.tif" });
    // @ts-expect-error - the field is called visible
    ofJob.send({ kind: "look", seen: true });
  });

  it("are busy until the reply with their id, and are sent once", () => {
    const { model, commands } = setup();
    commands.send({ kind: "start" });
    commands.send({ kind: "start" });
    expect(model.sent).toHaveLength(1);
    model.message({ id: "of another view", ok: true });
    expect(commands.slot("start").busy).toBe(true);
    model.reply({ ok: true });
    expect(commands.slot("start")).toEqual({ busy: false, late: false, error: null });
  });

  it("for different files do not wait for each other", () => {
    const { model, commands } = setup();
    commands.send({ kind: "download", key: "a" });
    commands.send({ kind: "download", key: "b" });
    expect(new Set(model.sent.map(({ id }) => id)).size).toBe(2);
    model.reply({ ok: true });
    expect(commands.slot("download", "a").busy).toBe(true);
    expect(commands.slot("download", "b").busy).toBe(false);
  });

  it("keep the error of the last try, until the next", () => {
    const { model, commands } = setup();
    commands.send({ kind: "cancel" });
    model.reply({ ok: false, error: ERROR });
    expect(commands.slot("cancel")).toEqual({ busy: false, late: false, error: ERROR });
    commands.send({ kind: "cancel" });
    expect(commands.slot("cancel").error).toBeNull();
  });

  it("say that the kernel is gone where it takes nothing, and can be tried again", () => {
    const { model, commands } = setup();
    const send = model.send;
    model.send = () => {
      throw new Error("disposed");
    };
    commands.tell({ kind: "look", visible: true });
    commands.send({ kind: "start" });
    expect(commands.slot("start").busy).toBe(false);
    expect(commands.slot("start").error?.hint).toBe("Run this cell again.");
    model.send = send;
    commands.send({ kind: "start" });
    expect(commands.slot("start").busy).toBe(true);
  });

  it("make an error of a reply that names none", () => {
    const { model, commands } = setup();
    commands.send({ kind: "cancel" });
    model.reply({ ok: false, error: null });
    expect(commands.slot("cancel").error?.message).not.toBe("");
  });

  it.each([
    null,
    "text",
    7,
    { ok: true },
    { id: 3, ok: true },
    { id: "x" },
  ])("pass over %o", (content) => {
    const { model, commands, changed } = setup();
    commands.send({ kind: "start" });
    changed.mockClear();
    model.message(content);
    expect(changed).not.toHaveBeenCalled();
  });

  it("say that the kernel is late, and recover when it answers after all", () => {
    const { model, commands } = setup();
    commands.send({ kind: "start" });
    vi.advanceTimersByTime(LATE_MS - 1);
    expect(commands.slot("start").late).toBe(false);
    vi.advanceTimersByTime(1);
    expect(commands.slot("start")).toEqual({ busy: true, late: true, error: null });
    model.reply({ ok: true });
    expect(commands.slot("start")).toEqual({ busy: false, late: false, error: null });
  });

  it("end with the view: no timer, no listener, no message", () => {
    const { model, controller, commands, changed } = setup();
    commands.send({ kind: "start" });
    changed.mockClear();
    controller.abort();
    expect(vi.getTimerCount()).toBe(0);
    expect(model.listenerCount).toBe(0);
    commands.send({ kind: "cancel" });
    expect(model.sent).toHaveLength(1);
    expect(changed).not.toHaveBeenCalled();
  });
});
