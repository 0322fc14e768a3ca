"""Arguments of another kind than they are to be, and numbers that make no sense."""

import logging
import re

import pytest
from raw_server import answer, raw_server

from openeo_widgets import transfer

NAN = float("nan")


def never(_headers):
    pytest.fail("Nothing is to be asked for.")


@pytest.mark.parametrize(
    ("wrong", "kind", "words"),
    [
        ({"size": "3"}, TypeError, "size is a whole number, not str."),
        ({"size": NAN}, TypeError, "size is a whole number, not float."),
        ({"size": True}, TypeError, "size is a whole number, not bool."),
        ({"size": -1}, ValueError, "size is at least 0, not -1."),
        ({"checksum": 5}, TypeError, "checksum is text, not int."),
        ({"most_connections": "4"}, TypeError, "most_connections is a whole number, not str."),
        ({"most_connections": 0}, ValueError, "most_connections is at least 1, not 0."),
        ({"stall_s": "1"}, TypeError, "stall_s is a number of seconds, not str."),
        ({"stall_s": -1}, ValueError, "stall_s is more than 0 seconds, not -1."),
        ({"stall_s": NAN}, ValueError, "stall_s is more than 0 seconds, not nan."),
    ],
)
def test_they_are_told_in_words(tmp_path, wrong, kind, words):
    with pytest.raises(kind, match=re.escape(words)):
        transfer.download(never, tmp_path / "file", **wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_is_no_path_is_told(tmp_path):
    with pytest.raises(ValueError, match="target has a NUL character"):
        transfer.download(never, tmp_path / "a\0b")
    with pytest.raises(ValueError, match="target has half a character"):
        transfer.download(never, tmp_path / "a\ud800")
    with pytest.raises(ValueError, match="has no name"):
        transfer.download(never, "")
    with pytest.raises(TypeError, match="target is a path, not int"):
        transfer.download(never, 5)


@pytest.mark.parametrize(("most", "kind"), [("3", TypeError), (0, ValueError)])
def test_a_number_of_files_that_is_none_is_told(most, kind):
    with pytest.raises(kind, match="The number of files at a time is"):
        transfer.fetch_all({}, most=most)


@pytest.mark.parametrize("stated", ["1220abcd", "ff7f20" + "00" * 32, "no hex"])
def test_a_checksum_that_cannot_be_compared_leaves_a_file_unverified(tmp_path, caplog, stated):
    with raw_server(answer(b"abc", Content_Length=3)) as ask, caplog.at_level(logging.DEBUG):
        assert not transfer.download(ask, tmp_path / "file", checksum=stated)
    assert "The checksum of 'file' is none that can be compared here." in caplog.text


def test_a_folder_that_is_a_file_is_not_to_be_made_room_in(tmp_path):
    (tmp_path / "folder").write_bytes(b"")
    with pytest.raises(OSError, match=r"\. Choose another folder"):
        transfer.download(never, tmp_path / "folder" / "file")
