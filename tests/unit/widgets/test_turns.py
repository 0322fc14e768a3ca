"""Whose turn it is to download."""

import queue
import threading

from openeo_widgets.transfer import Control
from openeo_widgets.widgets._download_turns import Turns

LONG_S = 20


class Task:
    def __init__(self, turns, name, begun):
        self.control, self.go_on = Control(), threading.Event()
        self._name, self._begun = name, begun
        turns.submit(self, self.control)

    def __call__(self):
        self._begun.put(self._name)
        assert self.go_on.wait(LONG_S)


def test_one_that_pauses_gives_its_turn_to_the_next():
    turns, begun = Turns("test-turns", 1), queue.Queue()
    first, second, third = (Task(turns, name, begun) for name in "abc")
    assert begun.get(timeout=LONG_S) == "a"
    assert begun.empty()
    second.control.pause()
    first.control.pause()
    turns.look()
    assert begun.get(timeout=LONG_S) == "c"  # the second waits for its turn, and pauses there
    third.go_on.set()
    second.control.resume()
    turns.look()
    assert begun.get(timeout=LONG_S) == "b"
    second.go_on.set()
    first.go_on.set()


def test_those_that_wait_let_as_many_others_begin():
    turns, begun = Turns("test-turns", 2), queue.Queue()
    tasks = [Task(turns, name, begun) for name in "abcdefg"]
    first = {begun.get(timeout=LONG_S) for _ in range(2)}
    for task in tasks[:2]:
        turns.note(task.control, waits=True)
    second = {begun.get(timeout=LONG_S) for _ in range(2)}
    assert (first, second) == ({"a", "b"}, {"c", "d"})
    for task in tasks[2:4]:  # there is nothing to be had: the others would wait as well
        turns.note(task.control, waits=True)
    assert begun.empty()
    turns.note(tasks[0].control, waits=False)
    tasks[0].go_on.set()
    assert begun.get(timeout=LONG_S) == "e"
    for task in tasks:
        task.go_on.set()
    assert {begun.get(timeout=LONG_S) for _ in range(2)} == {"f", "g"}


def test_one_that_is_canceled_while_it_pauses_comes_to_its_end():
    turns, begun = Turns("test-turns", 1), queue.Queue()
    first = Task(turns, "a", begun)
    second = Task(turns, "b", begun)
    assert begun.get(timeout=LONG_S) == "a"
    second.control.pause()
    first.go_on.set()
    second.control.cancel()
    turns.look()
    assert begun.get(timeout=LONG_S) == "b"
    second.go_on.set()
