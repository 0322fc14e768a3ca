"""What other programs do to the files of a download, before it and meanwhile."""

import json
import os
import threading

import pytest

from openeo_widgets import DownloadError, TargetExistsError, transfer
from openeo_widgets.transfer import _kept

PATIENCE_S = 20


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def meanwhile(server, tmp_path):
    """Download, and do something once the first bytes are there."""

    def _meanwhile(act, **how):
        server.begin()
        server.gate.clear()
        came, outcome = threading.Event(), []

        def bring():
            try:
                told = transfer.download(
                    server.asker(),
                    tmp_path / "file",
                    progress=lambda done, _: done and came.set(),
                    **how,
                )
                outcome.append(told)
            except Exception as error:  # noqa: BLE001 - it is looked at below
                outcome.append(error)

        bringing = threading.Thread(target=bring, daemon=True)
        bringing.start()
        assert came.wait(PATIENCE_S)
        act(tmp_path)
        server.gate.set()
        bringing.join(PATIENCE_S)
        return outcome[0]

    return _meanwhile


@pytest.mark.parametrize("known", ["nothing", "size"])
def test_a_file_that_another_program_wrote_meanwhile_is_kept(server, meanwhile, tmp_path, known):
    size = len(server.versions[0]) if known == "size" else None
    outcome = meanwhile(lambda folder: (folder / "file").write_bytes(b"precious"), size=size)
    assert isinstance(outcome, TargetExistsError)
    assert (tmp_path / "file").read_bytes() == b"precious"


def test_the_same_file_that_came_meanwhile_is_recognised(server, meanwhile, tmp_path):
    whole = server.versions[0]
    assert meanwhile(lambda folder: (folder / "file").write_bytes(whole), size=len(whole)) is True
    assert names(tmp_path) == ["file"]


def test_a_folder_that_was_made_meanwhile_is_told(meanwhile, tmp_path):
    outcome = meanwhile(lambda folder: (folder / "file").mkdir())
    assert isinstance(outcome, DownloadError)
    assert "is a folder here" in str(outcome)


def test_what_another_program_put_in_its_place_is_not_the_file(meanwhile, tmp_path):
    def swap(folder):
        (folder / ".file.part").unlink()
        (folder / ".file.part").write_bytes(b"another's")

    outcome = meanwhile(swap)
    assert isinstance(outcome, DownloadError)
    assert "removed or replaced by another program" in str(outcome)
    assert not (tmp_path / "file").exists()
    assert (tmp_path / ".file.part").read_bytes() == b"another's"


def test_what_another_program_removed_is_told(meanwhile, tmp_path):
    outcome = meanwhile(lambda folder: (folder / ".file.part").unlink())
    assert "removed or replaced by another program. Nothing was kept" in str(outcome)
    assert not (tmp_path / "file").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="There are no such pipes here.")
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_pipe_is_not_waited_for(server, tmp_path, overwrite):
    server.begin()
    os.mkfifo(tmp_path / "file")
    with pytest.raises(DownloadError, match="'file' is a device or a pipe here"):
        transfer.download(server.asker(), tmp_path / "file", overwrite=overwrite)
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize(
    "harm",
    [
        {"validator": '"\u20ac"'},
        {"validator": '"a\r\nX: y"'},
        {"validator": 5},
        {"total": 10**30},
        {"done": [[0, float("inf")]]},
    ],
)
def test_a_journal_that_is_damaged_is_not_gone_by(server, tmp_path, harm):
    server.begin()
    done = [[0, 500_000]]
    entry = {
        "validator": '"v0"',
        "total": None,
        "start": _kept._start(),
        "done": done,
        "disk": done,
    }
    (tmp_path / ".file.part").write_bytes(bytes(600_000))
    (tmp_path / ".file.part.journal").write_text(json.dumps({**entry, **harm}))
    transfer.download(server.asker(), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == server.versions[0]
    assert names(tmp_path) == ["file"]
