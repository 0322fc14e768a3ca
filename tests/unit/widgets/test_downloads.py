"""What is shown of downloads that report from several threads."""

import threading

from openeo_widgets.api import BatchJob, Connection, ResultAsset
from openeo_widgets.widgets._downloads import Downloads

LONG_S = 30


def asset(key):
    job = BatchJob("j", Connection("http://127.0.0.1:9"))
    return ResultAsset(job, key, "ftp://127.0.0.1/nothing", {})


def test_a_thread_that_reports_late_shows_the_newest_rows(tmp_path):
    shown = []
    late, go_on = threading.Event(), threading.Event()

    def publish():
        if threading.current_thread().name == "late":
            late.set()
            assert go_on.wait(LONG_S)
        shown.append(downloads.rows)

    downloads = Downloads(publish)
    thread = threading.Thread(
        target=lambda: downloads.begin([asset("first")], tmp_path), name="late"
    )
    thread.start()
    assert late.wait(LONG_S)
    downloads.begin([asset("second")], tmp_path)
    go_on.set()
    thread.join()
    assert all({"first", "second"} == rows.keys() for rows in shown)
