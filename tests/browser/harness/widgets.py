"""Widgets without a browser: what is done to one, and what becomes of it."""

import queue
import threading

LONG_S = 30


def wait_until(widget, wanted):
    """Wait for a change of traits after which the widget is as wanted."""
    reached = threading.Event()

    def look(_change=None):
        if wanted(widget):
            reached.set()

    widget.observe(look)
    look()
    assert reached.wait(LONG_S), repr(widget)
    widget.unobserve(look)


def ask(widget, kind, **fields):
    """Send a message as the browser does, and return its answer."""
    answers = queue.Queue()
    send = widget.send

    def hear(content, buffers=None):
        if content.get("id") == "m-1":
            answers.put(content)
        send(content, buffers)

    widget.send = hear
    widget._receive(widget, {"id": "m-1", "kind": kind, **fields}, [])
    answer = answers.get(timeout=LONG_S)
    widget.send = send
    return answer
