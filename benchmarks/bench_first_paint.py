"""How long a card takes from running its cell until it is painted, beside an empty button.

In JupyterLab in headless Chromium: a JobWidget and an ipywidgets.Button in turn, each made anew
by the same cell, from the request to run it until the frame after the widget is on the page.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

from _lab import ScriptedBackend, jupyterlab
from _table import Limits

HERE = Path(__file__).parent

TIMES = 20
LIMIT_MS = 150

SETUP = """
import ipywidgets
from openeo_widgets import JobWidget, connect
connection = connect({url!r})
"""
# Each beside what it is known by on the page.
CONTESTANTS = {
    "JobWidget": ("JobWidget.from_id('j-1', connection)", ".oew-job"),
    "Button": ("ipywidgets.Button()", ".jupyter-button"),
}
# Two frames: the first callback is before the paint that shows the widget, the second after it.
PAINTED = """async ([cell, selector]) => {
  const panel = window.jupyterapp.shell.currentWidget;
  const widget = panel.content.widgets[cell];
  panel.content.deselectAll();
  panel.content.activeCellIndex = cell;
  await window.jupyterapp.commands.execute('notebook:clear-cell-output');
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  const kernel = panel.sessionContext.session.kernel;
  let began = null;
  const sent = (_, {direction, msg}) => {
    if (direction !== 'send' || msg.header.msg_type !== 'execute_request') return;
    began ??= performance.now();
  };
  kernel.anyMessage.connect(sent);
  const shown = new Promise(resolve => {
    const look = () => widget.node.querySelector(selector) && (observer.disconnect(), resolve());
    const observer = new MutationObserver(look);
    observer.observe(widget.node, {subtree: true, childList: true});
  });
  window.jupyterapp.commands.execute('notebook:run-cell');
  await shown;
  await frame();
  await frame();
  kernel.anyMessage.disconnect(sent);
  return performance.now() - began;
}"""


def measure(lab: Any, url: str) -> dict[str, list[float]]:
    """Milliseconds from the request to the paint, for each contestant."""
    sources = [source for source, _ in CONTESTANTS.values()]
    book = lab.open([SETUP.format(url=url), *sources])
    book.run(0)
    took: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for round_ in range(TIMES + 1):
        for cell, (name, (_, selector)) in enumerate(CONTESTANTS.items(), start=1):
            ms = book.page.evaluate(PAINTED, [cell, selector])
            # Nothing of the round before is still under way.
            book.evaluate("1")
            if round_:
                took[name].append(ms)
    book.close()
    return took


def main() -> None:
    """Measure, print, and write the same as JSON."""
    backend = ScriptedBackend()
    backend.job |= {"status": "running", "progress": 25}
    with jupyterlab() as lab:
        took = measure(lab, backend.url)
    backend.stop()
    ours, button = took.values()
    took["difference"] = [mine - its for mine, its in zip(ours, button, strict=True)]
    rows = {
        name: {
            "median_ms": statistics.median(times),
            "min_ms": min(times),
            "max_ms": max(times),
        }
        for name, times in took.items()
    }
    print(
        f"\nfirst paint, {TIMES} times each in turn; a difference of {LIMIT_MS} ms wanted at most"
    )
    print(f"{'':<14}{'median ms':>12}{'min ms':>10}{'max ms':>10}")
    for name, row in rows.items():
        print(f"{name:<14}{row['median_ms']:>12.0f}{row['min_ms']:>10.0f}{row['max_ms']:>10.0f}")
    HERE.joinpath("first_paint.json").write_text(json.dumps(rows, indent=2) + "\n")
    limits = Limits("first_paint")
    limits.at_most("difference, median ms", rows["difference"]["median_ms"], LIMIT_MS)
    limits.finish()


if __name__ == "__main__":
    main()
