"""Many jobs: few requests, and nobody waits for a connection that hangs."""

import threading

from openeo_widgets.api import BatchJob, Connection

LONG_S = 30


def watch_all(watcher, fleet, listeners, **options):
    """Watch all jobs of a fleet; the subscriptions and the listeners."""
    connection = Connection(fleet.url)
    jobs = [BatchJob(f"j-{number}", connection) for number in range(len(fleet.lives))]
    heard = listeners(len(jobs))
    pairs = zip(jobs, heard, strict=True)
    return [watcher.watch(job, one.hear, **options) for job, one in pairs], heard


def close_all(subscriptions):
    for subscription in subscriptions:
        subscription.close()


def test_a_list_answers_for_all_and_single_questions_only_for_the_ends(
    fleet, fast_watcher, listeners
):
    started = fleet(*[(30, 600, "finished")] * 150, *[(30, 300, "error")] * 50, speed=100)
    watcher = fast_watcher(100)
    subscriptions, heard = watch_all(watcher, started, listeners)
    for number, one in enumerate(heard):
        state = one.until_status("finished" if number < 150 else "error")
        assert (state.error or {}).get("message") == (None if number < 150 else "Out of luck.")
    close_all(subscriptions)
    # Each job's end is asked for once; a few may have been asked for before the others came.
    assert 200 <= started.asked["job"] <= 230
    assert started.asked["logs"] == 50
    assert started.asked["list"] < 200


def test_a_job_that_is_not_on_the_list_is_asked_for_by_itself(scripted, watcher, listeners):
    connection = Connection(scripted.url)
    scripted.answers["GET /jobs"] = (200, {"jobs": [], "links": []})
    heard = listeners(4)
    for number in range(4):
        told = {"id": f"j-{number}", "status": "finished", "created": "2026-01-01T00:00:00Z"}
        scripted.answers[f"GET /jobs/j-{number}"] = (200, told)
    subscriptions = [
        watcher.watch(BatchJob(f"j-{number}", connection), one.hear)
        for number, one in enumerate(heard)
    ]
    for one in heard:
        one.until_status("finished")
    close_all(subscriptions)


def test_a_back_end_without_lists_is_asked_job_by_job(fleet, fast_watcher, listeners):
    started = fleet(*[(5, 60, "finished")] * 10, speed=50, lists=False)
    subscriptions, heard = watch_all(fast_watcher(50), started, listeners)
    for one in heard:
        one.until_status("finished")
    close_all(subscriptions)
    assert started.asked["list"] == 1


def test_a_list_that_is_broken_for_ever_is_noticed(scripted, fast_watcher, listeners):
    connection = Connection(scripted.url)
    scripted.answers["GET /jobs"] = (500, b"<html>")
    heard = listeners(5)
    for number in range(5):
        told = {"id": f"j-{number}", "status": "finished", "created": "2026-01-01T00:00:00Z"}
        scripted.answers[f"GET /jobs/j-{number}"] = (200, told)
    watcher = fast_watcher(20)
    release = threading.Event()
    first = scripted.answers["GET /jobs/j-0"]
    scripted.answers["GET /jobs/j-0"] = lambda: release.wait(LONG_S) and first
    subscriptions = [
        watcher.watch(BatchJob(f"j-{number}", connection), one.hear)
        for number, one in enumerate(heard)
    ]
    release.set()
    for one in heard:
        one.until_status("finished")
    close_all(subscriptions)


def test_a_connection_that_hangs_holds_up_no_other(fleet, scripted, watcher, listeners):
    release = threading.Event()
    hanging = Connection(scripted.url)
    heard_nothing = listeners(20)
    for number in range(20):
        scripted.answers[f"GET /jobs/h-{number}"] = lambda: release.wait(LONG_S) and (404, b"")
    scripted.answers["GET /jobs"] = lambda: release.wait(LONG_S) and (404, b"")
    waiting = [
        watcher.watch(BatchJob(f"h-{number}", hanging), one.hear)
        for number, one in enumerate(heard_nothing)
    ]
    started = fleet(*[(0, 0, "finished")] * 20)
    subscriptions, heard = watch_all(watcher, started, listeners)
    for one in heard:
        one.until_status("finished")
    assert all(one.states.empty() for one in heard_nothing)
    release.set()
    close_all(subscriptions + waiting)


def test_after_a_sleep_of_the_machine_each_job_is_asked_for_once(fleet, listeners, fast_watcher):
    watcher = fast_watcher(1)
    clock = watcher.clock
    started = fleet((0, 1e6, "finished"), (0, 1e6, "finished"))
    subscriptions, heard = watch_all(watcher, started, listeners, ceiling_s=3600)
    for one in heard:
        one.until_status("running")
    before = started.asked["job"]
    clock.slept += 8 * 3600
    watcher.later(0, lambda: None)  # the thread looks round, as it does every quarter of a minute
    for one in heard:
        one.until(lambda state: state.freshness.asked >= clock.wall() - 60)
    close_all(subscriptions)
    assert started.asked["job"] - before <= 4


def test_faults_of_every_kind_hide_no_end_and_tell_none_twice(fleet, fast_watcher, listeners):
    ends = ["finished", "error", "canceled"]
    lives = [(10, 20 + number % 7, ends[number % 3]) for number in range(40)]
    started = fleet(*lives, speed=20, faults=0.5)
    connection = Connection(started.url, timeout=0.5)
    watcher = fast_watcher(20)
    heard = listeners(40)
    subscriptions = [
        watcher.watch(BatchJob(f"j-{number}", connection), one.hear)
        for number, one in enumerate(heard)
    ]
    for (_, _, end), one in zip(lives, heard, strict=True):
        told = one.until(lambda state: state.freshness.state == "resting")
        assert told.status == end
        assert one.states.empty()
    close_all(subscriptions)


def test_a_back_end_that_hangs_holds_its_share_however_often_it_was_connected_to(
    scripted, another_scripted, watcher, listeners
):
    release = threading.Event()
    scripted.answers["GET /jobs/j-1"] = lambda: release.wait(LONG_S) and (200, scripted.job)
    hung, other = listeners(20), listeners(1)
    subscriptions = [
        watcher.watch(BatchJob("j-1", Connection(scripted.url)), one.hear) for one in hung
    ]
    job = BatchJob("j-1", Connection(another_scripted.url))
    subscriptions.append(watcher.watch(job, other[0].hear))
    try:
        other[0].until_status("created")
    finally:
        release.set()
    for one in hung:
        one.until_status("created")
    close_all(subscriptions)
