"""Waiting for a widget, for the tests of its parts."""

import threading

import pytest

LONG_S = 20


@pytest.fixture
def until():
    """A function that waits for a change of traits after which a widget is as wanted."""

    def wait(widget, wanted):
        reached = threading.Event()

        def look(_change=None):
            if wanted(widget):
                reached.set()

        widget.observe(look)
        look()
        assert reached.wait(LONG_S), repr(widget)
        widget.unobserve(look)

    return wait


@pytest.fixture
def answered():
    """A function that sends a widget a message, and returns what was answered."""

    def ask(widget, kind, **fields):
        came, there = [], threading.Event()

        def send(content, *_):
            came.append(content)
            there.set()

        widget.send = send
        widget._receive(widget, {"id": "1", "kind": kind, **fields}, [])
        assert there.wait(LONG_S)
        return came[-1]

    return ask
