"""Many files together: told together, canceled together, drawn as bars."""

import io
import sys
import threading

import pytest
from downloading import PATIENCE_S, wait_until

from openeo_widgets import DownloadError, transfer
from openeo_widgets.transfer import _bars, _many
from openeo_widgets.transfer._many import Line


def fetches(server, folder, count, **known):
    def one(name):
        return lambda progress, canceled: transfer.download(
            server.asker(), folder / name, progress=progress, canceled=canceled, **known
        )

    return {f"f{number}": one(f"f{number}") for number in range(count)}


def test_what_is_told_of_all(server, tmp_path):
    server.begin()
    states, size = [], len(server.versions[0])
    transfer.fetch_all(
        fetches(server, tmp_path, 5),
        most=2,
        sizes={f"f{n}": size for n in range(5)},
        report=states.append,
    )
    assert (states[-1].name, states[-1].state) == ("", "done")
    assert (states[-1].done, states[-1].total) == (5 * size, 5 * size)
    assert len(list(tmp_path.iterdir())) == 5


def test_cancel_ends_those_too_that_have_not_begun(server, tmp_path):
    server.begin()
    control = transfer.Control()
    given = fetches(server, tmp_path, 5, control=control)
    first = given["f0"]
    given["f0"] = lambda *told: (first(*told), control.cancel())
    with pytest.raises(DownloadError, match="4 of 5 files"):
        transfer.fetch_all(given, most=1, control=control)
    assert [path.name for path in tmp_path.iterdir()] == ["f0"]
    assert len(server.asked) == 1


def test_small_ones_come_first_and_hosts_take_turns():
    sizes = {"a": 9, "b": 1, "c": None, "d": 5, "e": 2}
    hosts = {"a": "slow", "b": "slow", "c": "fast", "d": "fast", "e": "slow"}
    line = Line(sizes, sizes, hosts)
    assert [line.next() for _ in range(3)] == ["b", "d", "e"]
    # Two of the slow host run, and one of the fast one.
    assert line.next(after="d") == "c"
    assert line.next(after="c") == "a"
    assert line.next() is None
    assert [Line("ba", {}, {}).next(), Line("ba", {"a": 3}, {}).next()] == ["b", "a"]


def test_a_host_that_hangs_holds_up_no_files_of_another():
    hung, done = threading.Event(), []
    fetches = {f"slow{n}": lambda *_: hung.wait(PATIENCE_S) for n in range(10)}
    fetches |= {f"fast{n}": lambda *_, n=n: done.append(n) for n in range(10)}

    def let_go():
        wait_until(lambda: len(done) == 10)
        in_time.append(not hung.is_set())
        hung.set()

    in_time = []
    watching = threading.Thread(target=let_go)
    watching.start()
    transfer.fetch_all(fetches, most=4, hosts={key: key[:4] for key in fetches})
    watching.join(PATIENCE_S)
    assert in_time == [True]


def test_an_interrupt_while_they_are_begun_ends_those_that_were(monkeypatch):
    """Ctrl-C comes whenever it likes."""
    begun, was_canceled = threading.Event(), []
    submit = _many.Workers.submit

    def interrupted(workers, task):
        submit(workers, task)
        assert begun.wait(PATIENCE_S)
        raise KeyboardInterrupt

    def fetch(_progress, canceled):
        begun.set()
        wait_until(canceled)
        was_canceled.append(True)

    monkeypatch.setattr(_many.Workers, "submit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        transfer.fetch_all({"a": fetch}, most=2)
    assert was_canceled == [True]


def test_bars_are_drawn_and_go(server, tmp_path, monkeypatch):
    pytest.importorskip("tqdm")
    monkeypatch.setattr(_bars, "_SOON_S", 0)
    server.begin()
    screen = io.StringIO()
    with transfer.bars(file=screen) as report:
        transfer.fetch_all(fetches(server, tmp_path, 2, report=report), most=1, report=report)
    assert "all:" in screen.getvalue()
    assert "f1:" in screen.getvalue()


def test_without_tqdm_nothing_is_drawn(server, tmp_path, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    server.begin()
    with transfer.bars() as report:
        transfer.download(server.asker(), tmp_path / "file", report=report)
    assert capfd.readouterr() == ("", "")
