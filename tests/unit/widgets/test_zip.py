"""A zip archive that is made while it is sent."""

import io
import zipfile

from openeo_widgets.errors import DownloadError
from openeo_widgets.widgets._zip import Member, zip_of


def member(name, *chunks, size=None, error=None):
    def read():
        yield from chunks
        if error is not None:
            raise error

    return Member(name, size, read)


def opened(*members):
    failed = {}
    archive = zipfile.ZipFile(io.BytesIO(b"".join(zip_of(members, failed))))
    assert archive.testzip() is None
    return archive, failed


def test_it_holds_the_files_compressed_where_that_saves_something():
    archive, failed = opened(
        member("a.tif", b"x" * 5000, b"y"), member("b.json", b"x" * 5000, size=5000), member("c")
    )
    assert failed == {}
    assert archive.read("a.tif") == b"x" * 5000 + b"y"
    assert archive.read("b.json") == b"x" * 5000
    assert archive.read("c") == b""
    kinds = {info.filename: info.compress_type for info in archive.infolist()}
    assert kinds["a.tif"] == zipfile.ZIP_STORED
    assert archive.getinfo("b.json").compress_size < 500


def test_files_that_fail_are_told_and_not_there_whole_or_in_part():
    archive, failed = opened(
        member("first", error=DownloadError("Gone.")),
        member("cut", b"some bytes", error=OSError(28, "No space left on device")),
        member("good", b"bytes"),
        member("errors.TXT", b"mine"),
    )
    assert failed == {"first": "Gone.", "cut": "No space left on device"}
    assert archive.namelist() == ["good", "errors.TXT", "ERRORS (2).txt"]
    told = archive.read("ERRORS (2).txt").decode()
    assert "first: Gone." in told
    assert "cut: No space" in told


def test_it_is_never_whole_in_memory():
    pieces = zip_of([member("a.tif", *[b"x" * 1000] * 100)], {})
    assert max(map(len, pieces)) < 5000


def test_no_link_is_in_what_is_told():
    error = DownloadError("No answer from https://a.example/f?sig=s3cr3ts3cr3t")
    archive, failed = opened(member("a", error=error))
    assert "s3cr3t" not in archive.read("ERRORS.txt").decode() + str(failed)
