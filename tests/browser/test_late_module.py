"""A card whose module comes late: anywidget waits two seconds for it, and then hears no kernel."""

import pytest
from playwright.sync_api import expect

SHOW = """
from openeo_widgets import JobWidget, connect
widget = JobWidget.from_id('j-1', connect({url!r}))
widget
"""
# anywidget says so in the console, and nothing keeps it from that.
TOO_LATE = "Failed to initialize model"
# anywidget gives up at once, and modules come when the test says so: as on a page that is busy.
_HOLD = """() => {
  const {timeout} = AbortSignal;
  AbortSignal.timeout = () => {
    const controller = new AbortController();
    queueMicrotask(() => controller.abort());
    return controller.signal;
  };
  window.modules = Promise.withResolvers();
  const {Blob} = window;
  window.Blob = class extends Blob {
    constructor(parts, options) {
      const module = options?.type === 'text/javascript';
      super(module ? ['await window.modules.promise;', ...parts] : parts, options);
    }
  };
  window.leave = () => { AbortSignal.timeout = timeout; window.Blob = Blob; };
}"""


@pytest.fixture
def late(notebook, scripted, lab):
    """Shows a job, whose module comes after the kernel has told all there is to tell."""

    def show(status):
        scripted.job["status"] = status
        book = notebook([SHOW.format(url=scripted.url)])
        lab.page.evaluate(_HOLD)
        book.run(0)
        # What the kernel answers comes to the page after what it told before.
        book.wait_evaluated(lambda found: found == status, "widget.status")
        book.evaluate("widget.flush()")
        lab.page.evaluate("() => window.modules.resolve()")
        return book.output(0)

    yield show
    lab.page.evaluate("() => window.leave()")


@pytest.mark.known_error(TOO_LATE)
def test_a_card_that_came_late_lives(late, scripted):
    card = late("running").locator(".oew-job")
    expect(card).to_have_attribute("data-status", "running")
    scripted.job["progress"] = 40
    expect(card).to_contain_text("40 %")
    card.get_by_role("button", name="Cancel", exact=True).click()
    card.get_by_role("button", name="Yes, cancel").click()
    expect(card).to_have_attribute("data-status", "canceled")


@pytest.mark.known_error(TOO_LATE)
def test_results_that_came_late_are_shown(late):
    output = late("finished")
    expect(output.locator(".oew-results")).to_have_attribute("data-state", "ready")
    expect(output.locator(".oew-results")).to_contain_text("series.json")
