"""Downloads that are begun, paused, canceled and closed at random: nothing of them stays."""

from __future__ import annotations

import random
import threading
import time

import pytest
from fault_server import FaultServer
from harness import ITEM

from openeo_widgets import ResultsWidget, connect
from openeo_widgets.transfer import _workers

KEYS = [f"{number}.tif" for number in range(12)]
CONTENT = bytes(range(256)) * 3000
FAULTS = ["none", "late", "cut", "503", "trickle", "no ranges", "changed", "chunked", "redirect"]
LONG_S = 20


@pytest.fixture
def server():
    made = FaultServer([CONTENT, CONTENT[::-1]])
    yield made
    made.stop()


@pytest.fixture
def opened(scripted, server, tmp_path, until):
    assets = {key: {"href": server.url, "type": "image/tiff"} for key in KEYS}
    assets["named by the answer"] = {"href": server.url}
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": assets})
    made = []

    def show():
        widget = ResultsWidget(connect(scripted.url).job("j-1"), target=tmp_path / "here")
        made.append(widget)
        until(widget, lambda w: w.state == "ready")
        return widget

    yield show
    for widget in made:
        widget.close()


def threads(name):
    return [one for one in threading.enumerate() if one.name == f"openeo-widgets-{name}"]


def wait_until_gone(name):
    until = time.monotonic() + LONG_S
    while left := threads(name):
        assert time.monotonic() < until, left
        time.sleep(0.02)


def meddle(widget, server, chance, turns):
    """What people do, in no order at all."""
    acts = [
        widget.download_all,
        widget.pause_downloads,
        widget.resume_downloads,
        widget.cancel_downloads,
        lambda: widget.download_some([chance.choice(KEYS)], overwrite=True),
        lambda: widget.pause_download(chance.choice(KEYS)),
        lambda: widget.resume_download(chance.choice(KEYS)),
        lambda: widget.cancel_download(chance.choice(KEYS)),
        server.gate.clear,
        server.gate.set,
    ]
    for _ in range(turns):
        chance.choice(acts)()
        time.sleep(chance.random() * 0.03)


@pytest.mark.parametrize("seed", range(6))
def test_once_closed_no_download_goes_on_whatever_was_done(server, opened, monkeypatch, seed):
    monkeypatch.setattr(_workers, "_IDLE_S", 0.05)
    chance = random.Random(seed)  # noqa: S311 - no secret
    server.begin([(chance.choice(FAULTS), chance.randrange(10**6)) for _ in range(200)])
    widgets = [opened(), opened()]
    people = [
        threading.Thread(
            target=meddle,
            args=(widget, server, random.Random(f"{seed} {number}"), 40),  # noqa: S311
        )
        for number, widget in enumerate(widgets * 2)
    ]
    for person in people:
        person.start()
    time.sleep(chance.random() * 0.5)
    widgets[0].close()  # while others are at it
    for person in people:
        person.join(LONG_S)
    server.gate.clear()
    widgets[1].download_all()
    widgets[1].close()
    # The server answers nobody, and need not: who downloads does not wait for it.
    wait_until_gone("download")
    assert not widgets[0]._transfers.moving
    assert not widgets[1]._transfers.moving
    server.gate.set()
    wait_until_gone("connection")


def test_what_is_begun_after_the_end_is_not_begun(server, opened):
    server.begin()
    widget = opened()
    widget.close()
    widget.download_all()
    assert not widget._transfers.moving
    assert not server.asked
