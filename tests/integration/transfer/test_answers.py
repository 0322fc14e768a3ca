"""Answers that say wrong or odd things of what they bring."""

import gzip
import os
import zlib

import pytest
from raw_server import answer, raw_server

from openeo_widgets import DownloadError, transfer

CONTENT = os.urandom(100_000) + bytes(3_000_000)
BARE = zlib.compressobj(wbits=-zlib.MAX_WBITS)
PACKED = {
    "gzip": gzip.compress(CONTENT),
    "x-gzip": gzip.compress(CONTENT[:70_000]) + gzip.compress(CONTENT[70_000:]) + bytes(512),
    "deflate": zlib.compress(CONTENT),
    "Deflate": BARE.compress(CONTENT) + BARE.flush(),
}


def bring(target, *answers, reset=False, **known):
    with raw_server(*answers, reset=reset) as ask:
        return transfer.download(ask, target, **known)


@pytest.mark.parametrize("coding", PACKED)
def test_a_compressed_body_is_unpacked(tmp_path, coding):
    bring(tmp_path / "file", answer(PACKED[coding], Content_Encoding=coding))
    assert (tmp_path / "file").read_bytes() == CONTENT


@pytest.mark.parametrize("coding", PACKED)
@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_compressed_body_that_is_cut_is_no_file(tmp_path, at_once, coding, share):
    body = PACKED[coding][:-512] if coding == "x-gzip" else PACKED[coding]
    cut = answer(body[: int(len(body) * share)], Content_Encoding=coding)
    with pytest.raises(DownloadError, match="connection broke while 'file'"):
        bring(tmp_path / "file", cut)
    assert list(tmp_path.iterdir()) == []
    bring(tmp_path / "file", cut, answer(body, Content_Encoding=coding))
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_compressed_body_that_is_damaged_is_no_file(tmp_path, at_once):
    damaged = bytearray(PACKED["gzip"])
    damaged[-8] ^= 1  # of its checksum
    with pytest.raises(DownloadError, match="'file'"):
        bring(tmp_path / "file", answer(bytes(damaged), Content_Encoding="gzip"))
    assert list(tmp_path.iterdir()) == []


def test_what_the_library_below_unpacks_has_to_tell_its_length(tmp_path, at_once):
    body, coding = gzip.compress(PACKED["gzip"]), "gzip, gzip"
    bring(tmp_path / "file", answer(body, Content_Encoding=coding, content_length=len(body)))
    assert (tmp_path / "file").read_bytes() == CONTENT
    cut = answer(body[:50_000], Content_Encoding=coding, content_length=len(body))
    with pytest.raises(DownloadError, match="connection broke while 'other'"):
        bring(tmp_path / "other", cut)
    with pytest.raises(DownloadError, match="comes compressed in a way"):
        bring(tmp_path / "other", answer(body, Content_Encoding=coding))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_empty_file_needs_no_compression(tmp_path):
    bring(tmp_path / "file", answer(Content_Encoding="gzip", Content_Length=0))
    assert (tmp_path / "file").read_bytes() == b""


@pytest.mark.parametrize("coding", ["secret", "gzip, secret"])
def test_a_compression_that_nobody_knows_is_told(tmp_path, coding):
    packed = answer(b"abc", Content_Encoding=coding, Content_Length=3)
    with pytest.raises(DownloadError, match="'file' comes compressed in a way"):
        bring(tmp_path / "file", packed)
    assert list(tmp_path.iterdir()) == []


def test_a_compressed_body_in_memory_is_whole_too(tmp_path):
    half = PACKED["gzip"][:50_000]
    with raw_server(answer(half, Content_Encoding="gzip")) as ask:
        with ask({}) as response, pytest.raises(DownloadError, match="connection broke"):
            transfer.read(response, "file", most=1 << 30)
        with ask({}) as response, pytest.raises(DownloadError, match="connection broke"):
            list(transfer.chunks(response, "file"))


def test_a_length_that_nobody_can_read_is_told(tmp_path):
    with pytest.raises(DownloadError, match="length of 'file' that no file has"):
        bring(tmp_path / "file", answer(b"abc", Content_Length="9" * 5000))
    assert list(tmp_path.iterdir()) == []


def test_a_range_that_nobody_can_read_is_none(tmp_path, at_once):
    cut = answer(CONTENT[:5000], Content_Length=len(CONTENT), ETag='"a"')
    odd = answer(
        CONTENT[5000:],
        "206 Partial Content",
        Content_Range=f"bytes 5000-{'9' * 5000}/{len(CONTENT)}",
        ETag='"a"',
    )
    bring(tmp_path / "file", cut, odd, answer(CONTENT, Content_Length=len(CONTENT), ETag='"a"'))
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_file_whose_length_nobody_tells_is_not_called_verified(tmp_path):
    assert not bring(tmp_path / "file", answer(CONTENT[:1000]))
    assert (tmp_path / "file").read_bytes() == CONTENT[:1000]


def test_a_connection_that_is_reset_is_no_end(tmp_path, at_once):
    with pytest.raises(DownloadError, match="connection broke while 'file'"):
        bring(tmp_path / "file", answer(CONTENT[:1000]), reset=True)
    assert list(tmp_path.iterdir()) == []


def test_redirects_without_an_end_are_told(tmp_path):
    with raw_server(answer(status="302 Found", Location="/file?sig=SECRET")) as ask:
        with pytest.raises(DownloadError, match="leads from one address to the next") as caught:
            transfer.download(ask, tmp_path / "file")
        assert len(ask.seen) <= 31  # asked once: it would not help to ask again
    assert "SECRET" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
