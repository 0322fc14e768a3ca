"""A file that is read where it is, from a server that does all that servers do."""

import pytest
from fault_server import FAULTS, UNCLEAR
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openeo_widgets import DownloadError, transfer

numbers = st.integers(0, 1 << 20)
plans = st.lists(st.tuples(st.sampled_from(FAULTS), numbers), max_size=8)
reads = st.lists(st.tuples(numbers, st.sampled_from([1, 1000, 70_000, 300_000])), max_size=20)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=plans, reads=reads, knows_size=st.booleans())
def test_the_exact_bytes_of_one_file_or_a_clear_error(server, at_once, plan, reads, knows_size):
    size = len(server.versions[0])
    server.begin(plan)
    found, errors = [], []
    try:
        with transfer.RemoteFile(server.asker(), "file", size=size if knows_size else None) as file:
            for place, count in reads:
                file.seek(place)
                found.append((place, file.read(count)))
    except DownloadError as error:
        errors.append(str(error))
    assert all("'file'" in error and "http:" not in error for error in errors)
    whole = knows_size or not any(name in UNCLEAR for name, _ in plan)
    for version in server.versions:
        wanted = [version[place : place + count] for place, count in reads[: len(found)]]
        if whole and [data for _, data in found] == wanted:
            return
        if not whole and all(w.startswith(d) for w, (_, d) in zip(wanted, found, strict=True)):
            return
    pytest.fail("These bytes are of no version.")


def test_a_server_that_gives_no_parts_any_more(server):
    server.begin([("none", 0), ("no ranges", 0)])
    with transfer.RemoteFile(server.asker(), "file") as file:
        file.seek(500_000)
        with pytest.raises(DownloadError, match=r"gives no parts of it any more.*Download it"):
            file.read(1)


def test_a_reader_does_not_wait_for_a_server_that_wants_an_hour(server):
    server.begin([("none", 0), ("503", 0)])
    server.retry_after = "3600"
    with transfer.RemoteFile(server.asker(), "file") as file:
        file.seek(500_000)
        with pytest.raises(DownloadError, match="asked again in 60 minutes, not before"):
            file.read(1)
