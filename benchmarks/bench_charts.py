"""Charts of 100,000 points: how long until they are drawn, and frames a second under a pointer.

In headless Chromium, which draws without a graphics card. Ours is drawn twice: with the points
that a card gets of such a file, and with all of them. Beside it uPlot with all of them, a library
for charts that is known for its speed, where ``js/node_modules`` has it. Next to the frames stands
what all processes of the browser computed for each: that tells more where the machine is busy.
"""

from __future__ import annotations

import json
import math
import random
import shutil
import statistics
from pathlib import Path
from typing import Any

import psutil
from _lab import CHROMIUM_ARGUMENTS
from _table import Limits
from playwright.sync_api import sync_playwright

from openeo_widgets.preview._chart import Line, lines_shown
from openeo_widgets.widgets._base import STATIC

HERE = Path(__file__).parent
UPLOT = HERE.parent / "js" / "node_modules" / "uplot" / "dist"

POINTS = 100_000
GAP_EVERY, GAP = 5000, 50
TIMES = 5
ACT_S = 3
# A chart is fluid from here on.
WANTED_FRAMES_PER_S = 30
WIDTH, HEIGHT = 1100, 240

PAGE = '<!doctype html><body style="margin: 20px"><div id="place"></div>'

# Each returns what is to be dragged and hovered, when it is in the page.
OURS = """async ({code, lines}) => {
  const source = URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
  const {show} = await import(source);
  const place = document.getElementById('place');
  place.className = 'oew oew-card oew-results oew-preview';
  place.style.width = '1128px';
  window.draw = () => show(place, {
    name: 'series.json', index: 0, kernel: {},
    views: [{kind: 'chart', label: 'Chart', x: 'time', x_name: 't', note: '', lines}],
  });
  window.plot = () => place.querySelector('.oew-plot');
  window.closer = (plot) => plot.dispatchEvent(
    new KeyboardEvent('keydown', {key: '+', bubbles: true}));
}"""
PEER = """async ({code, lines, width, height}) => {
  (0, eval)(code + ';window.uPlot = uPlot');
  const place = document.getElementById('place');
  const {x, y} = lines[0];
  const seconds = x.map((at) => at / 1000);
  window.draw = () => {
    window.chart = new uPlot({
      width, height,
      series: [{}, {stroke: '#1a66c9', width: 2}],
    }, [seconds, y], place);
  };
  window.plot = () => place.querySelector('.u-over');
  const [first, last] = [seconds[0], seconds.at(-1)];
  window.closer = () => chart.setScale('x', {min: first, max: first + (last - first) * 0.6});
  // As uPlot's own demonstration of dragging does it.
  window.panned = (share) => {
    const by = (last - first) * 0.4 * share;
    chart.setScale('x', {min: first + by, max: first + by + (last - first) * 0.6});
  };
}"""

DRAWN = """() => new Promise((done) => {
  const began = performance.now();
  window.draw();
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
})"""
# One movement of the pointer for each frame, to and fro over the chart.
ACT = """([what, seconds]) => new Promise((done) => {
  const plot = window.plot();
  const box = plot.getBoundingClientRect();
  const [left, wide, y] = [box.left + box.width * 0.2, box.width * 0.6, box.top + box.height / 2];
  const send = (type, share, more = {}) => plot.dispatchEvent(new PointerEvent(
    type, {bubbles: true, clientX: left + wide * share, clientY: y, pointerId: 1, ...more}));
  const mouse = (share) => plot.dispatchEvent(new MouseEvent(
    'mousemove', {bubbles: true, clientX: left + wide * share, clientY: y}));
  const move = {
    hover: (share) => (send('pointermove', share), mouse(share)),
    // To look closer from the left edge on, and move that.
    pan: (share) => window.panned ? window.panned(share) : send('pointermove', 1 - share),
  }[what];
  if (what === 'pan' && !window.panned) send('pointerdown', 1, {shiftKey: true});
  const began = performance.now();
  let [frames, longest, last] = [0, 0, began];
  const step = (now) => {
    frames += 1;
    longest = Math.max(longest, now - last);
    last = now;
    const passed = (now - began) / 1000;
    move(0.5 - 0.5 * Math.cos(passed * Math.PI));
    if (passed < seconds) return requestAnimationFrame(step);
    if (what === 'pan' && !window.panned) send('pointerup', 1, {shiftKey: true});
    done({frames, frames_per_s: frames / passed, longest_ms: longest});
  };
  requestAnimationFrame(step);
})"""


def series() -> Line:
    """A year of noisy measurements, with gaps."""
    dice = random.Random(1)  # noqa: S311 - to be the same each time
    x = [1_640_995_200_000 + n * 315_360 for n in range(POINTS)]
    y = [
        None if n % GAP_EVERY < GAP else 0.5 + 0.3 * math.sin(n / 9000) + dice.gauss(0, 0.05)
        for n in range(POINTS)
    ]
    return Line("ndvi", x, y)


def computed_ms() -> float:
    """CPU time that the processes of the browser have taken by now."""
    times = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    return sum(time.user + time.system for time in times) * 1000


def contestants() -> dict[str, tuple[str, str, list[dict[str, Any]]]]:
    """How each is put into the page, the code of it, and its lines."""
    line = series()
    every = [{"name": line.name, "group": "", "band": "", "x": line.x, "y": line.y}]
    ours = (STATIC / "preview.js").read_text(encoding="utf-8")
    found = {
        "a card's points": (OURS, ours, lines_shown([line])[0]),
        "all points": (OURS, ours, every),
    }
    if UPLOT.is_dir():
        found["uPlot, all points"] = (PEER, (UPLOT / "uPlot.iife.min.js").read_text(), every)
    return found


def measure(browser: Any, setup: str, code: str, lines: list[dict[str, Any]]) -> dict[str, float]:
    """One contestant on a page of its own."""
    page = browser.new_page(viewport={"width": 1280, "height": 700})
    page.set_content(PAGE)
    for style in (STATIC / "results.css", UPLOT / "uPlot.min.css"):
        if style.exists():
            page.add_style_tag(path=style)
    page.evaluate(setup, {"code": code, "lines": lines, "width": WIDTH, "height": HEIGHT})
    before = computed_ms()
    row = {"points": len(lines[0]["x"]), "drawn_ms": page.evaluate(DRAWN)}
    row["drawn_cpu_ms"] = computed_ms() - before
    for what in ("hover", "pan"):
        if what == "pan":
            page.evaluate("() => window.closer(window.plot())")
        before = computed_ms()
        told = page.evaluate(ACT, [what, ACT_S])
        row[f"{what}_frames_per_s"] = told["frames_per_s"]
        row[f"{what}_longest_ms"] = told["longest_ms"]
        row[f"{what}_cpu_ms"] = (computed_ms() - before) / told["frames"]
    page.close()
    return row


def main() -> None:
    """Measure, print, and write the same as JSON."""
    taken: dict[str, list[dict[str, float]]] = {}
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        for _ in range(TIMES):
            for name, told in contestants().items():
                taken.setdefault(name, []).append(measure(browser, *told))
        browser.close()
    rows = {
        name: {what: statistics.median(row[what] for row in runs) for what in runs[0]}
        for name, runs in taken.items()
    }
    print(f"\ncharts of {POINTS:,} points; medians of {TIMES}, in turn; CPU a frame in ms")
    heads = (
        "points",
        "drawn ms",
        "CPU ms",
        *("hover/s", "longest", "CPU", "pan/s", "longest", "CPU"),
    )
    print(f"{'':<20}{''.join(f'{head:>10}' for head in heads)}")
    for name, row in rows.items():
        print(f"{name:<20}{''.join(f'{value:>10,.1f}' for value in row.values())}")
    HERE.joinpath("charts.json").write_text(json.dumps(rows, indent=2) + "\n")
    limits = Limits("charts")
    for name in ("a card's points", "all points"):
        for what in ("hover", "pan"):
            frames = rows[name][f"{what}_frames_per_s"]
            limits.at_least(f"{name}, frames a second, {what}", frames, WANTED_FRAMES_PER_S)
    limits.finish()


if __name__ == "__main__":
    main()
