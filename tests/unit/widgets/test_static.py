"""The static card: what it says, and when that is news."""

import pytest

from openeo_widgets.widgets._static import as_html, as_text, job_card, plain, results_card
from openeo_widgets.widgets._traits import identifiers

START = 1_795_528_800_000  # 2026-11-24 14:00 UTC
MINUTE = 60_000


def step(status, minutes):
    return {"status": status, "at_ms": None if minutes is None else START + minutes * MINUTE}


def job(**changes):
    return {
        "job_id": "j-1",
        "title": "NDVI",
        "backend": "openeo.example",
        "status": "running",
        "progress": 42.0,
        "error": None,
        "steps": [step("created", 0), step("queued", 1), step("running", 3)],
        "freshness": {"state": "live", "asked_ms": START + 5 * MINUTE},
        "details": None,
        "preflight": None,
        **changes,
    }


def results(count=2, **changes):
    size = {"label": "GeoTIFF", "size": 12_340_000}
    return {
        "job_id": "j-1",
        "title": "",
        "backend": "openeo.example",
        "state": "ready",
        "error": None,
        "assets": [{"name": f"{number}.tif", **size} for number in range(count)],
        "partial": False,
        "interval": ["2022-07-01T00:00:00Z", ""],
        "bbox": [16.1, 48.0, 16.6, 48.3],
        "comparison": [],
        "notes": [],
        **changes,
    }


def test_a_running_job():
    assert as_text(job_card(job())).splitlines() == [
        "NDVI (j-1 at openeo.example): running, 42 %",
        "as of 2026-11-24 14:05 UTC",
        "created: 2026-11-24 14:00 UTC",
        "queued: 2026-11-24 14:01 UTC, for 0:02:00",
        "running: 2026-11-24 14:03 UTC, for 0:02:00 so far",
        'Show it again: JobWidget.from_id("j-1", connection)',
    ]


def test_a_finished_job_with_its_files_and_costs():
    steps = [step("created", 0), step("running", None), step("finished", 65)]
    ended = job(
        status="finished",
        progress=100.0,
        steps=steps,
        freshness={"state": "resting", "asked_ms": START + 66 * MINUTE},
        details={"costs": 2.5, "currency": "EUR"},
    )
    text = as_text(job_card(ended, results_card(results(), START)))
    assert "NDVI (j-1 at openeo.example): finished\n" in text
    assert "Costs: 2.5 EUR\n- 0.tif, GeoTIFF, 12 MB\n- 1.tif" in text
    assert "so far" not in text


def test_costs_are_written_as_on_the_live_card():
    details = {"costs": 1234567.891, "currency": "credits"}
    assert "Costs: 1,234,567.89 credits" in as_text(job_card(job(details=details)))


def test_one_more_file_is_no_files():
    assert "\nand 1 more file\n" in as_text(results_card(results(51), START))


def test_a_failed_job_says_why():
    error = {
        "message": "Out of memory.",
        "code": "OutOfMemory",
        "id": "r-7",
        "hint": "Ask for less.",
    }
    page = as_html(job_card(job(status="error", error=error)), "s-1")
    for told in ("Out of memory.", "OutOfMemory", "r-7", "What to do next", "Ask for less."):
        assert f"<bdi>{told}</bdi>" in page


def problems(count):
    told = {"message": "There is no band B99.", "code": "BandNotFound"}
    return {"problems": [{**told, "node": f"load{number}"} for number in range(count)]}


def test_a_graph_that_cannot_work_says_so():
    text = as_text(job_card(job(status="created", progress=None, preflight=problems(2))))
    assert "Problem: There is no band B99. (node load0)\nProblem: There is no band B99. (n" in text
    assert "more" not in text
    nodeless = {"problems": [{"message": "Too complex.", "code": "", "node": ""}]}
    assert "Problem: Too complex.\n" in as_text(job_card(job(preflight=nodeless)))
    many = as_text(job_card(job(preflight=problems(100))))
    assert many.count("Problem: ") == 10
    assert "Problems: and 90 more\n" in many


def copied(number, **changes):
    fresh = {"state": "live", "asked_ms": None}
    return {
        "job_id": f"j-{number}", "title": "NDVI (copy)", "status": "running", "freshness": fresh,
        **changes,
    }  # fmt: skip


def test_each_copy_has_a_line():
    other = copied(3, title="", status="", freshness={"state": "never", "asked_ms": None})
    gone = copied(4, freshness={"state": "deleted", "asked_ms": None})
    text = as_text(job_card(job(), None, [copied(2), other, gone]))
    assert "Copy: NDVI (copy) (j-2): running\n" in text
    assert "Copy: Batch job (j-3): not asked yet\n" in text
    assert "Copy: NDVI (copy) (j-4): deleted\n" in text
    many = as_text(job_card(job(), None, [copied(number) for number in range(100)]))
    assert many.count("Copy: ") == 20
    assert "Copies: 80 more, and\n" in many
    assert "(j-99)" in many


def test_what_becomes_of_a_copy_is_news():
    before = job_card(job(), None, [copied(2)]).gist()
    assert job_card(job(), None, [copied(2)]).gist() == before
    for changes in ({"status": "finished"}, {"title": "Other"}):
        assert job_card(job(), None, [copied(2, **changes)]).gist() != before


def test_what_is_told_of_problems_and_copies_is_text_and_not_too_long():
    long = "<b>\u202e" + "x" * 10_000
    found = [{"message": long, "code": long, "node": long}] * 1000
    copies = [copied(number, title=long, job_id=long, status=long) for number in range(1000)]
    page = as_html(job_card(job(preflight={"problems": found}), None, copies), "s-1")
    assert len(page) < 50_000
    assert "<b>" not in page
    assert "\u202e" not in page


def test_before_the_first_answer():
    never = job(
        title="", status="", progress=None, steps=[], freshness={"state": "never", "asked_ms": None}
    )
    assert as_text(job_card(never)).splitlines() == [
        "Batch job (j-1 at openeo.example): not asked yet",
        'Show it again: JobWidget.from_id("j-1", connection)',
    ]


def test_results():
    text = as_text(results_card(results(60, partial=True), START))
    assert "Results (j-1 at openeo.example): 60 files, of a job that has not finished" in text
    assert "Dates: 2022-07-01T00:00:00Z to open" in text
    assert "West, south, east, north: 16.1, 48, 16.6, 48.3" in text
    assert text.count("- ") == 50
    assert "and 10 more files" in text
    assert 'ResultsWidget(connection.job("j-1"))' in text


@pytest.mark.parametrize(
    ("changes", "news"),
    [
        ({}, False),
        ({"freshness": {"state": "live", "asked_ms": START + 9 * MINUTE}}, False),
        ({"progress": 44.0}, False),
        ({"progress": 51.0}, True),
        ({"title": "Other"}, True),
        ({"status": "error"}, True),
        ({"details": {"costs": 1, "currency": ""}}, True),
        ({"preflight": {"problems": []}}, False),
        ({"preflight": {"problems": [{"message": "m", "code": "", "node": ""}]}}, True),
    ],
)
def test_what_is_news(changes, news):
    assert (job_card(job(**changes)).gist() != job_card(job()).gist()) is news


@pytest.mark.parametrize("at_ms", [1e300, -1e300, 253402300800000.0])
def test_a_date_that_no_calendar_has_is_left_out(at_ms):
    steps = [{"status": "created", "at_ms": at_ms}]
    fresh = {"state": "live", "asked_ms": at_ms}
    assert "UTC" not in as_text(job_card(job(steps=steps, freshness=fresh)))


@pytest.mark.parametrize(
    "job_id", ["it's", 'a"b', "'\"", "a\\b", "a\nb", "\u202eb", "\ud800", "日本"]
)
def test_the_line_is_python_that_names_the_job(job_id):
    line = job_card(job(job_id=job_id)).line
    assert line.isprintable()
    assert eval(line.removeprefix("JobWidget.from_id(").removesuffix(", connection)")) == job_id  # noqa: S307 - a literal


def test_the_html_needs_nothing_and_names_itself():
    page = as_html(job_card(job(title="<b>&\"'"), results_card(results(), START)), "s-1")
    assert 'class="oew-static oew-static-s-1"' in page
    assert "&lt;b&gt;&amp;&quot;&#x27;" in page
    for never in ("<script", "<a ", "href", "http", "color:#", "<b>"):
        assert never not in page


def test_plain_text_has_nothing_unseen():
    assert plain("\x1b[31mred\x1b[0m \u202etxt.exe\u202c\x00 a\n\n b\ud800") == "red txt.exe a b"
    assert plain("👩\u200d🚀 \u0645\u06cc\u200c\u062e") == "👩\u200d🚀 \u0645\u06cc\u200c\u062e"
    assert plain(None) == ""
    assert len(plain("x" * 10_000)) == 301


def test_keys_that_are_sent_as_they_are_keep_their_name():
    keys = ["a?sig=Zq10mVx0Lw9Tn4pR7k", "a?sig=Zq11mVx0Lw9Tn4pR7k", "b", "a?…"]
    found = identifiers(keys)
    assert list(found.values()) == keys
    assert found["b"] == "b"
    assert found["a?…"] == "a?…"
    assert not any("Zq1" in shown for shown in found)


def test_what_differs_from_what_was_asked_for_stays_with_the_card():
    area = {"what": "Area", "asked": "a", "delivered": "lon 1 to 2", "note": "It lies elsewhere."}
    rows = [{**area, "differs": True}, {**area, "what": "Bands", "differs": None}]
    notes = ["Incomplete: nothing came from <b>eodc</b>."]
    card = results_card(results(comparison=rows, notes=notes), START)
    text = as_text(card)
    assert "Area differs: lon 1 to 2. It lies elsewhere." in text
    assert "Bands" not in text
    assert "Note: Incomplete" in text
    assert "<b>" not in as_html(card, "x")
