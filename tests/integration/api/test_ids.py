"""An id of a job, whatever it is, leads to nothing but that job."""

from functools import partial

import pytest

from openeo_widgets import BatchJob, JobWidget, NotFoundError
from openeo_widgets.api._past_jobs import run_times_like


@pytest.mark.parametrize("job_id", ["a/b", "a b", "ü?#%", "/files", "a%2Fb", "%2e%2e", "..."])
def test_ids_with_odd_characters_stay_one_part_of_the_path(backend, connection, official, job_id):
    for over in (connection, official):
        with pytest.raises(NotFoundError):
            BatchJob(job_id, over).describe()
        target = backend.all[-1].target
        assert target.startswith("/jobs/")
        assert target.count("/") == 2
        assert "?" not in target


@pytest.mark.parametrize(
    "job_id",
    [
        *("", ".", "..", "../../me", "../files", "a/../b", "a/..", "./a", "..\\me", "a\\.\\b"),
        *("a\nb", "a\0", "a\r\nHost: x", "\x7f", "\ud800", "../" * 100_000),
    ],
)
def test_ids_that_would_name_another_path(backend, connection, official, job_id):
    before = len(backend.all)
    ours, theirs = partial(connection.job, job_id), partial(BatchJob, job_id, official)
    watched = partial(JobWidget.from_id, job_id, connection)
    for made in (ours, theirs, watched, partial(JobWidget, official.job(job_id))):
        with pytest.raises(ValueError, match=r"^'.*' is no id of a batch job\.$") as caught:
            made()
        assert len(str(caught.value)) < 200
    assert len(backend.all) == before


def test_what_a_list_of_jobs_calls_an_id_leads_nowhere_else(backend, connection):
    listed = [{"id": job_id, "status": "finished"} for job_id in ("..", "../me", "a\nb")]
    backend.on("GET", "/jobs", {"jobs": listed})
    backend.on("GET", "/jobs/job-1", {"process": {"process_graph": {"a": {"process_id": "x"}}}})
    before = len(backend.all)
    assert run_times_like(connection.job("job-1")) == []
    assert [request.target for request in backend.all[before:]] == ["/jobs/job-1", "/jobs"]
