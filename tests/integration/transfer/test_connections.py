"""Several connections for one file, where that is worth it."""

import hashlib
import os
import re
import threading

import pytest
from fault_server import FaultServer

from openeo_widgets import DownloadError, transfer
from openeo_widgets.transfer._hosts import MOST_PER_HOST, hosts

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def large():
    made = FaultServer([os.urandom(40 * MEGABYTE)])
    yield made
    made.stop()


def fetched(server, folder, **known):
    whole = server.versions[0]
    checksum = f"1220{hashlib.sha256(whole).hexdigest()}"
    assert transfer.download(server.asker(), folder / "file", checksum=checksum, **known)
    assert (folder / "file").read_bytes() == whole
    return [asked.get("Range") for asked in server.asked]


def test_a_slow_one_gets_help(large, tmp_path):
    large.begin(bytes_per_s=20_000_000)
    ranges = fetched(large, tmp_path)
    assert len(ranges) >= 4
    assert ranges[0] is None
    assert all(re.fullmatch(r"bytes=\d+-\d*", asked) for asked in ranges[1:])
    assert {asked["If-Range"] for asked in large.asked[1:]} == {'"v0"'}
    # What a connection had on its way when another took over its rest.
    assert large.sent < len(large.versions[0]) + 16 * MEGABYTE


def test_a_fast_one_is_left_alone(server, tmp_path):
    server.begin()
    assert fetched(server, tmp_path) == [None]


@pytest.mark.parametrize("fault", ["no ranges", "another range", "429", "403"])
def test_a_server_that_wants_one_only(server, small, tmp_path, fault):
    server.begin([("trickle", 0), (fault, 0)])
    ranges = fetched(server, tmp_path)
    assert len(ranges) == 2
    assert ranges[1].startswith("bytes=")


@pytest.mark.parametrize("fault", ["weak", "no etag", "gzip", "no length", "chunked"])
def test_a_file_that_cannot_be_told_from_another_comes_over_one(server, small, tmp_path, fault):
    server.begin([(fault, 0)])
    assert fetched(server, tmp_path) == [None]


def test_no_more_than_are_allowed(large, tmp_path):
    large.begin(bytes_per_s=100_000_000)
    assert fetched(large, tmp_path, most_connections=1) == [None]


def test_a_crowded_host_gets_no_further_ones(server, small, tmp_path):
    server.begin([("trickle", 0)])
    for _ in range(MOST_PER_HOST):
        hosts.join("127.0.0.1")
    try:
        assert fetched(server, tmp_path) == [None]
    finally:
        for _ in range(MOST_PER_HOST):
            hosts.leave("127.0.0.1")
    assert not hosts._count


def test_a_server_that_gives_less_than_was_asked_for(server, small, at_once, tmp_path):
    server.begin([("cut", 400_000), ("short range", 50_000)])
    ranges = fetched(server, tmp_path, most_connections=1)
    assert ranges == [None, "bytes=400000-", "bytes=450001-"]


def test_a_server_that_asks_to_wait_too_long(server, tmp_path):
    server.begin([("429", 0)])
    server.retry_after = "3600"
    with pytest.raises(
        DownloadError, match=r"answered 429.* asked again in 60 minutes, not before"
    ):
        transfer.download(server.asker(), tmp_path / "file")
    assert len(server.asked) == 1


def test_connections_are_used_again(server, tmp_path):
    server.begin()
    ask, of_threads = server.asker(), {}

    def noted(headers):
        response = ask(headers)
        port = response.raw._connection.sock.getsockname()[1]
        of_threads.setdefault(threading.get_ident(), set()).add(port)
        return response

    for number in range(20):
        transfer.download(noted, tmp_path / f"file-{number}")
    # On a busy machine the last thread may not be the first to be free; each keeps its own.
    assert [len(ports) for ports in of_threads.values()] == [1] * len(of_threads)
    assert len(of_threads) < 20
