"""Pictures, texts, archives, and files of which nothing is known."""

import io
import os
import struct
import tarfile
import zipfile
import zlib

import pytest

from openeo_widgets.preview import BUDGET_BYTES, Image
from openeo_widgets.transfer import TooMuchError


def png(width, height, more=b""):
    """The beginning of a PNG, which says how large it is."""
    head = struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    crc = struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + crc + more


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    b"\xff\xff\xc4\x00\x04\0\0\xff\xc2\x00\x11\x08" + struct.pack(">HH", 30, 40)
)
GIF = b"GIF89a" + struct.pack("<HH", 40, 30)
WEBP = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x27\0\0\x1d\0\0"
LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L\x05\0\0\0\x2f" + struct.pack("<I", 39 | 29 << 14)
LOSSY = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 40, 30)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (png(40, 30), "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (WEBP, "image/webp"),
        (LOSSLESS, "image/webp"),
        (LOSSY, "image/webp"),
    ],
)
def test_pictures_are_passed_on_with_their_size(opened, view, content, media_type):
    told, picture = view(opened(content, "a.png"), "image")
    assert (told["width"], told["height"]) == (40, 30)
    assert isinstance(picture, Image)
    assert (picture.content, picture.media_type) == (content, media_type)
    assert "a.png" in told["alt"]


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", JPEG[:20], b"GIF89a", b"<svg/>"])
def test_what_is_no_picture_is_told_for_what_it_is(opened, content):
    assert "image" not in [one["kind"] for one in opened(content, "a.png").told]


def test_a_picture_that_unpacks_to_too_much_is_not_sent(opened):
    preview = opened(png(60_000, 60_000), "a.png")
    assert [one["kind"] for one in preview.told] == ["facts"]
    assert "14.4 GB in the browser" in preview.note


def test_a_large_picture_is_asked_for_first(opened, read):
    content = png(4000, 3000, b"x" * BUDGET_BYTES)
    preview = opened(content, "a.png")
    assert preview.told == ()
    assert preview.question == "a.png has 5 MB: read all of it?"
    assert sum(read) <= BUDGET_BYTES
    assert opened(content, "a.png", whole=True).told[0]["kind"] == "image"
    with pytest.raises(TooMuchError, match="Download it instead"):
        opened(content + b"x" * 30_000_000, "a.png", whole=True)


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        ("ä€".encode(), "ä€", "UTF-8"),
        ("ä€".encode("cp1252"), "ä€", "Windows-1252"),
        ("ä€".encode("utf-16"), "ä€", "UTF-16"),
        ("ä€".encode("utf-8-sig"), "ä€", "UTF-8"),
        (b"<script>alert(1)</script>", "<script>alert(1)</script>", "UTF-8"),
        (b"", "", "UTF-8"),
    ],
)
def test_text_is_shown_as_text(opened, content, text, encoding):
    told = opened(content, "a.xml").told
    assert (told[0]["kind"], told[0]["text"], told[0]["complete"]) == ("text", text, True)
    assert {"name": "Encoding", "text": encoding} in told[1]["facts"]


def test_of_long_text_the_beginning_is_shown(opened):
    preview = opened("ä".encode() * 3_000_000, "a.log")
    assert not preview.told[0]["complete"]
    assert "�" not in preview.told[0]["text"]
    assert "first 75,000 characters" in preview.note
    assert len(preview.told[0]["text"]) <= 75_000


def test_a_link_in_a_text_is_not_shown(opened):
    told = opened(b"see https://store.example/x?sig=Zq10mVx0Lw9Tn4", "a.txt").told
    assert "Zq10mVx0Lw9Tn4" not in str(told)


@pytest.mark.parametrize("name", ["a.bin", "a", "a.txt", "a.tif"])
def test_of_what_is_not_known_the_first_bytes_are_shown(opened, name):
    told = opened(b"II*\0\x08" + bytes(range(256)) * 10, name).told
    assert [one["kind"] for one in told] == ["facts", "text"]
    facts = {one["name"]: one["text"] for one in told[0]["facts"]}
    assert facts["Size"] == "2,565 bytes"
    assert facts["Kind, by its first bytes"] == "TIFF"
    assert told[1]["text"].splitlines()[0].startswith("00000000  49 49 2a 00 08 00 01 ")
    assert told[1]["text"].splitlines()[0].endswith("  II*.............")


def test_little_is_read_of_what_is_only_told_of(opened, read):
    preview = opened(b"II*\0" + bytes(6_000_000), "a.tif", size=None)
    assert {"name": "Size", "text": "6,000,004 bytes"} in preview.told[0]["facts"]
    assert sum(read) < 100_000


def test_a_text_without_a_name_is_a_text_and_an_empty_file_is_empty(opened):
    assert opened(b"hello", "x").told[0]["text"] == "hello"
    facts = {one["name"]: one["text"] for one in opened(b"", "x").told[0]["facts"]}
    assert facts["Kind, by its first bytes"] == "an empty file"


HOSTILE = ["../../etc/passwd", "<img src=x onerror=alert(1)>", "a/ä.txt"]


def zipped(names, content=b"x" * 1000):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return written.getvalue()


def tarred(names, mode="w", content=b"x" * 1000):
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode=mode) as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (zipped(HOSTILE), "a.zip"),
        (tarred(HOSTILE), "a.tar"),
        (tarred(HOSTILE, "w:gz"), "a.tar.gz"),
        (tarred(HOSTILE, "w:gz"), "a.tgz"),
    ],
)
def test_archives_are_listed_and_names_in_them_are_texts(opened, view, rows, content, name):
    told, table = view(opened(content, name), "table")
    assert [column["name"] for column in told["columns"]][:2] == ["name", "bytes"]
    assert [row[0] for row in rows(table)["rows"]] == HOSTILE
    assert {row[1] for row in rows(table)["rows"]} == {"1000"}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 600, b"\x1f\x8b\x08" + b"x" * 60])
def test_what_is_no_archive_is_told_for_what_it_is(opened, name, content):
    preview = opened(content, name)
    assert [one["kind"] for one in preview.told][:1] == ["facts"] or preview.told[0]["text"]
    assert "cannot be read" in preview.note or "0" in str(preview.told)


def test_an_archive_that_was_cut_is_listed_as_far_as_it_goes(opened, view, rows):
    whole = tarred([f"file {n}" for n in range(10)])
    preview = opened(whole[:4000], "a.tar")
    assert rows(view(preview, "table")[1])["total"] >= 1


def test_a_tar_beyond_the_budget_is_listed_as_far_as_was_read(opened, view, read):
    content = tarred([f"file {n}" for n in range(8)], "w:gz", os.urandom(1_000_000))
    preview = opened(content, "a.tar.gz")
    assert sum(read) <= BUDGET_BYTES
    assert 1 <= view(preview, "table")[0]["rows"] < 8
    assert preview.question
    assert view(opened(content, "a.tar.gz", whole=True), "table")[0]["rows"] == 8


def test_of_what_unpacks_to_gigabytes_little_is_unpacked(opened, view):
    preview = opened(tarred(["bomb", "after"], "w:gz", bytes(300_000_000)), "a.tar.gz")
    told, _ = view(preview, "table")
    assert told["rows"] == 1
    assert "too much would have to be unpacked" in told["note"]
