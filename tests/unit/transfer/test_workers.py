"""Tasks in lanes: few of one at a time, whatever becomes of each, and the others go on."""

import queue
import threading

from openeo_widgets.transfer import Workers

LONG_S = 20


def test_of_one_lane_one_at_a_time_in_order_and_on_after_a_failure(caplog):
    workers = Workers("test", 4, most_of_lane=1)
    done, at_once, go_on = queue.Queue(), [], threading.Event()

    def task(number):
        at_once.append(number)
        assert go_on.wait(LONG_S)
        if number == 1:
            raise RuntimeError("on purpose")
        done.put((number, len(at_once)))

    for number in range(4):
        workers.submit(lambda number=number: task(number), lane="slow")
    go_on.set()
    assert [done.get(timeout=LONG_S) for _ in range(3)] == [(0, 1), (2, 3), (3, 4)]
    workers.submit(lambda: done.put("more"), lane="slow")
    assert done.get(timeout=LONG_S) == "more"
    for thread in threading.enumerate():
        if thread.name == "test":
            thread.join(LONG_S)  # it logs last
    assert "on purpose" in caplog.text


def test_other_lanes_are_left_alone():
    workers = Workers("test", 2, most_of_lane=1)
    go_on, done = threading.Event(), queue.Queue()
    for _ in range(5):
        workers.submit(lambda: go_on.wait(LONG_S), lane="hanging")
    workers.submit(lambda: done.put("asked for"), lane="healthy")
    assert done.get(timeout=LONG_S) == "asked for"
    go_on.set()
