// A model that anywidget has given up hears the kernel all the same, and no other is touched.

import { expect, test, vi } from "vitest";
import { listenThoughLate } from "../src/lib/late";
import type { WidgetManager } from "../src/lib/model";
import { FakeModel } from "./fake-model";

/** What ipywidgets has for a model. */
class Plain {
  readonly heard: unknown[] = [];
  async _handle_comm_msg(message: unknown): Promise<void> {
    this.heard.push(message);
  }
}

/** The same as anywidget has it: it waits for the module first. */
class Waiting extends Plain {
  readonly comm = { on_msg: vi.fn(), send: vi.fn() };
  constructor(readonly ready: Promise<void>) {
    super();
  }
  override async _handle_comm_msg(message: unknown): Promise<void> {
    await this.ready;
    return super._handle_comm_msg(message);
  }
}

function found(get_model: WidgetManager["get_model"]): FakeModel<{ static_id: string }> {
  return new FakeModel({ static_id: "a1" }, { get_model, create_view: vi.fn() });
}

test("one that came too late hears what is said from then on, and asks for what was", async () => {
  const full = new Waiting(Promise.reject(new Error("too late")));
  const get_model = vi.fn().mockResolvedValue(full);
  await listenThoughLate(found(get_model));
  expect(get_model).toHaveBeenCalledExactlyOnceWith("a1");
  expect(full.comm.send).toHaveBeenCalledExactlyOnceWith({ method: "request_state" });
  const [handler] = full.comm.on_msg.mock.lastCall ?? [];
  await handler("an update");
  expect(full.heard).toEqual(["an update"]);
});

test("one that came in time is left alone", async () => {
  const full = new Waiting(Promise.resolve());
  await listenThoughLate(found(async () => full));
  expect(full.comm.on_msg).not.toHaveBeenCalled();
  expect(full.comm.send).not.toHaveBeenCalled();
});

test.each([
  ["a manager that does not know the model", found(() => Promise.reject(new Error("unknown")))],
  ["a model without a kernel", found(async () => ({}))],
  ["no manager", new FakeModel({ static_id: "a1" })],
])("%s is no failure", async (_, model) => {
  await listenThoughLate(model);
});
