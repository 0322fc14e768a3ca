"""Tasks that are only good to know: one after another, whatever becomes of each."""

import queue
import threading

from openeo_widgets.transfer import OneByOne, Workers

LONG_S = 20


def test_one_at_a_time_in_order_and_on_after_a_failure(caplog):
    workers = Workers("test", 4)
    aside = OneByOne(workers)
    done, at_once, go_on = queue.Queue(), [], threading.Event()

    def task(number):
        at_once.append(number)
        assert go_on.wait(LONG_S)
        if number == 1:
            raise RuntimeError("on purpose")
        done.put((number, len(at_once)))

    for number in range(4):
        aside.submit(lambda number=number: task(number))
    go_on.set()
    assert [done.get(timeout=LONG_S) for _ in range(3)] == [(0, 1), (2, 3), (3, 4)]
    aside.submit(lambda: done.put("more"))
    assert done.get(timeout=LONG_S) == "more"
    assert "on purpose" in caplog.text


def test_the_other_workers_are_left_alone():
    workers = Workers("test", 2)
    aside = OneByOne(workers)
    go_on, done = threading.Event(), queue.Queue()
    for _ in range(5):
        aside.submit(lambda: go_on.wait(LONG_S))
    workers.submit(lambda: done.put("asked for"))
    assert done.get(timeout=LONG_S) == "asked for"
    go_on.set()
