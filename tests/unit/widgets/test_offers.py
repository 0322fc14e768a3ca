"""What a card offers, and what it says that a start discards."""

import pytest

from openeo_widgets.api._capabilities import UNKNOWN, Capabilities
from openeo_widgets.watch import JobState
from openeo_widgets.watch._state import Freshness
from openeo_widgets.widgets._job_offers import offered, start_warning

ALWAYS = {"refresh", "duplicate", "delete", "logs"}


def state(status, *, fresh="live", started=False, **described):
    return JobState(status=status, freshness=Freshness(fresh), started=started, described=described)


@pytest.mark.parametrize(
    ("known", "actions"),
    [
        (state(""), {"refresh"}),
        (state("created"), {*ALWAYS, "start", "update", "preflight"}),
        (state("queued"), {*ALWAYS, "cancel"}),
        (state("running"), {*ALWAYS, "cancel"}),
        (state("finished"), {*ALWAYS, "start", "update", "preflight"}),
        (state("error"), {*ALWAYS, "start", "update", "preflight"}),
        (state("preempted"), {*ALWAYS, "start", "cancel", "update"}),
        (state("running", fresh="gone"), {"refresh"}),
        (state("running", fresh="deleted"), set()),
    ],
)
def test_what_makes_sense_now(known, actions):
    assert set(offered(known, UNKNOWN)) == actions


def test_what_the_back_end_cannot_do_is_not_offered():
    bare = Capabilities(offered=frozenset({("GET", "/jobs"), ("POST", "/jobs/{}/results")}))
    assert set(offered(state("created"), bare)) == {"start", "refresh"}
    checking = Capabilities(offered=frozenset({("POST", "/validation")}))
    assert "preflight" in offered(state("created"), checking)


def test_the_web_editor_is_offered_where_there_is_one():
    assert "web_editor" in offered(state("running"), Capabilities(web_editor="https://x.example"))


@pytest.mark.parametrize(
    ("known", "assets", "warning"),
    [
        (state("created"), [], ""),
        (state("created", started=True), [], ""),
        (state("running"), [{"size": 5}], ""),
        (state("error"), [], "Starting again discards the results that this job has now."),
        (
            state("created", links=[None, {"rel": "result"}]),
            [],
            "Starting again discards the results that this job has now.",
        ),
        (
            state("finished"),
            [{"size": 12_000_000}, {"size": 12_000_000}, {"size": 18_000_000}, {"size": 14_000}],
            "Starting again discards the 4 result files of this job (42 MB).",
        ),
        (
            state("finished"),
            [{"size": None}, {"size": 5}],
            "Starting again discards the 2 result files of this job.",
        ),
        (
            state("finished"),
            [{"size": 512}],
            "Starting again discards the result file of this job (512 B).",
        ),
    ],
)
def test_what_a_start_discards(known, assets, warning):
    assert start_warning(known, assets) == warning
