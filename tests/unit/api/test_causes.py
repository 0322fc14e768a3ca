"""From the last error of a job's logs to a known cause."""

import pytest

from openeo_widgets.api._causes import cause_of

# In the words of Python, Java, Spark on YARN and Kubernetes, Slurm, Dask, and of back-ends.
SAID = {
    "memory": [
        "MemoryError",
        "Traceback (most recent call last):\n  File 'udf.py'\nMemoryError: cannot grow",
        "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 7.45 GiB for an array",
        "Container killed: memory limit of 4 GB exceeded",
        "Container killed by YARN for exceeding memory limits. 5.5 of 5 GB physical memory used.",
        "ExecutorLostFailure (executor 3): Container killed by YARN for exceeding memory limits.",
        "java.lang.OutOfMemoryError: Java heap space",
        "OOMKilled",
        "The pod was terminated: OOMKilled, exit code 137",
        "slurmstepd: error: Detected 1 oom-kill event(s). Some may be killed: Out Of Memory",
        "Exit status: 137. Diagnostics: Container killed on request. Exit code is 137",
        "The main container failed with exit code 137",
        "command exited with status 137",
        "distributed.scheduler.KilledWorker: Attempted to run task on 4 different workers",
        "std::bad_alloc",
    ],
    "time": [
        "slurmstepd: error: *** JOB 4711 CANCELLED DUE TO TIME LIMIT ***",
        "Time limit of 12 hours exceeded",
        "The job exceeded the maximum run time.",
        "Job was active longer than specified deadline",
        "Maximum processing time of 24 h was exceeded",
    ],
    "credits": [
        "402 Client Error: Payment Required for url",
        "Insufficient credits to run this job.",
        "The budget of 10 credits is exceeded.",
        "The estimated costs exceed your budget",
    ],
    "storage": [
        "OSError: [Errno 28] No space left on device",
        "The storage quota of user 1 has been exceeded.",
        "OSError: [Errno 122] Disk quota exceeded",
    ],
    "no_data": [
        "NoDataAvailable: There is no data available for the given extents.",
        "No data available for the given spatial and temporal extent",
        "No Sentinel-2 data for this extent",
        "no tiles found for this extent",
        "Could not load: found 0 products",
        "No matching products were found",
        "The requested extent does not intersect the collection",
        "The data cube is empty after filtering",
    ],
    "sign_in": [
        "401 Client Error: Unauthorized for url",
        "The access token has expired",
    ],
    "process": [
        "Process 'ndwi' is not supported",
        "The value passed for parameter 'bands' in process 'load_collection' is invalid",
        "Collection 'S2' does not exist.",
    ],
    "back_end": [
        "Internal server error",
        "503 Server Error: Service Unavailable",
        "The node was preempted",
        "lost worker tcp://10.0.0.1:8786",
    ],
}

CODES = {
    "OutOfMemory": "memory",
    "PaymentRequired": "credits",
    "StorageQuotaExceeded": "storage",
    "NoDataAvailable": "no_data",
    "TokenInvalid": "sign_in",
    "ProcessParameterInvalid": "process",
    "processunsupported": "process",
    "Internal": "back_end",
}

# What only sounds like one of them.
UNKNOWN = [
    "",
    "The job failed.",
    "division by zero",
    "TypeError: f() missing 1 required positional argument: 'context'",
    "Band B8A has no data value, 0 is used",
    "Reading 137 tiles with a memory of 4 GB",
    "No tiles failed, but the mosaic is wrong",
    "KeyError: 'time'",
    "Connection to the scheduler refused",
    "Exit code is 1",
    "Exit code is 1370",
    "The tokenizer has expired options",
    "There were no errors in the budget module",
    "Timeout",
]


@pytest.mark.parametrize(("kind", "message"), [(k, m) for k, all_ in SAID.items() for m in all_])
def test_what_back_ends_say_is_known(kind, message):
    cause = cause_of("", message)
    assert cause is not None
    assert cause.kind == kind


@pytest.mark.parametrize(("code", "kind"), CODES.items())
def test_codes_are_known_in_any_case(code, kind):
    assert cause_of(code, "Something.").kind == kind


@pytest.mark.parametrize("message", UNKNOWN)
def test_what_is_not_known_stays_unknown(message):
    assert cause_of("JobFailed", message) is None


def test_other_errors_count_where_the_last_one_says_nothing():
    others = ["Something else", "Container killed: memory limit of 4 GB exceeded"]
    assert cause_of("JobFailed", "The job failed.", others).kind == "memory"
    assert cause_of("Internal", "Internal error", others).kind == "memory"
    assert cause_of("NoDataAvailable", "No data", others).kind == "no_data"
    assert cause_of("Internal", "Internal error", ["Internal server error"]).kind == "back_end"


def test_every_cause_says_what_to_do_next():
    for messages in SAID.values():
        for message in messages:
            words = cause_of("", message).words
            assert words.endswith(".")
            assert words.count(".") >= 2


def test_a_message_of_a_megabyte_takes_no_time():
    assert cause_of("", "exceeded " * 120_000) is None
