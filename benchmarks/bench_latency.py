"""How long a new state takes from Python to the page, beside a plain ipywidgets label.

In JupyterLab in headless Chromium, from a thread in the kernel: while the kernel is idle, while
a cell sleeps, and while one computes.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

from _lab import ScriptedBackend, jupyterlab
from _table import Limits

HERE = Path(__file__).parent

TIMES = 99
LIMIT_MS = 20

SHOW = """
import ipywidgets, threading, time
from dataclasses import replace
from openeo_widgets import JobWidget, connect
widget = JobWidget.from_id('j-1', connect({url!r}))
label = ipywidgets.Label('-')
display(widget, label)
"""
TELL = """
sent = {{}}
def tell():
    state = widget._subscription.state
    for number in range(1, {times} + 1):
        time.sleep(0.1)
        sent[f'ours {{number}}'] = time.time() * 1000
        widget._on_state(replace(state, progress=float(number)))
        time.sleep(0.1)
        sent[f'label {{number}}'] = time.time() * 1000
        label.value = str(number)
thread = threading.Thread(target=tell)
thread.start()
"""
MEANWHILE = {
    "idle": "",
    "sleeping": "time.sleep(25)",
    "busy": "end = time.time() + 25\nwhile time.time() < end: sum(range(1000))",
}
WATCH = """() => {
  window.seen = {};
  const now = () => performance.timeOrigin + performance.now();
  const panel = window.jupyterapp.shell.currentWidget.node;
  new MutationObserver((changes) => {
    for (const change of changes) {
      const node = change.target;
      if (change.attributeName === 'aria-valuenow') {
        // The watcher asks meanwhile, and puts the progress back to nothing now and then.
        window.seen[`ours ${node.getAttribute('aria-valuenow')}`] ??= now();
      }
      const label = (node.nodeType === 3 ? node.parentElement : node).closest?.('.widget-label');
      if (label) window.seen[`label ${label.textContent}`] = now();
    }
  }).observe(panel, {
    subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: ['aria-valuenow'],
  });
}"""


def measure(lab: Any, url: str, meanwhile: str) -> dict[str, list[float]]:
    """Milliseconds from Python to the page, for ours and for the label."""
    book = lab.open([SHOW.format(url=url), TELL.format(times=TIMES), meanwhile or "pass"])
    book.run(0)
    book.output(0).locator(".oew-job[data-status='running']").wait_for()
    book.page.evaluate(WATCH)
    book.run(1)
    book.run(2, timeout_s=60)
    book.page.wait_for_function(f"() => window.seen['label {TIMES}'] !== undefined", timeout=90_000)
    sent = book.evaluate("sent")
    seen = book.page.evaluate("() => window.seen")
    book.close()
    return {
        who: [seen[key] - at for key, at in sent.items() if key.startswith(who) and key in seen]
        for who in ("ours", "label")
    }


def main() -> None:
    """Measure, print, and write the same as JSON."""
    backend = ScriptedBackend()
    backend.job |= {"status": "running", "progress": 0.25}
    rows = {}
    with jupyterlab() as lab:
        for name, code in MEANWHILE.items():
            for who, took in measure(lab, backend.url, code).items():
                rows[f"{name}, {who}"] = {
                    "median_ms": statistics.median(took),
                    "p95_ms": sorted(took)[int(len(took) * 0.95)],
                    "seen": len(took),
                }
    backend.stop()
    print(f"\nlatency: from Python to the page, {TIMES} states each; at most {LIMIT_MS} ms wanted")
    print(f"{'kernel, widget':<20}{'median ms':>12}{'p95 ms':>12}{'seen':>8}")
    for name, row in rows.items():
        print(f"{name:<20}{row['median_ms']:>12.1f}{row['p95_ms']:>12.1f}{row['seen']:>8}")
    HERE.joinpath("latency.json").write_text(json.dumps(rows, indent=2) + "\n")
    limits = Limits("latency")
    for name in MEANWHILE:
        limits.at_most(f"{name}, median ms", rows[f"{name}, ours"]["median_ms"], LIMIT_MS)
    limits.finish()


if __name__ == "__main__":
    main()
