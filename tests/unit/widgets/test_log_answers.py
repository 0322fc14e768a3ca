"""Log entries as the browser gets them: no secret is in them, whatever was cut."""

import json

import pytest

from openeo_widgets import redact
from openeo_widgets.api._log_entry import LONGEST, held
from openeo_widgets.api._log_store import Row
from openeo_widgets.redact import keep_secret
from openeo_widgets.widgets._log_answers import as_ndjson, details_of_entry, file_text, row_of
from openeo_widgets.widgets._traits import sendable

SECRET = "s3cr3tQ7zR9xLm4711"


@pytest.fixture(autouse=True)
def known():
    keep_secret(SECRET)
    yield
    redact._known.clear()


@pytest.mark.parametrize("letters", range(1100, 1200, 7))
def test_a_row_has_no_half_of_a_secret(letters):
    message = f"GET https://h.example/a?sig={'A' * letters} refused: {SECRET}"
    assert SECRET[:5] not in row_of(Row(0, held({"message": message}), 1))["message"]


@pytest.mark.parametrize("coloured", ["", "\x1b[1m"])
def test_a_message_that_is_cut_has_none(coloured):
    for at in (LONGEST, 2 * LONGEST):
        words = f"{coloured}xy "
        message = words * (at // len(words)) + SECRET + " more" * 3000
        for shift in range(0, len(SECRET), 5):
            shown = sendable(details_of_entry(0, held({"message": message[shift:]})))
            assert SECRET[:5] not in json.dumps(shown)


@pytest.mark.parametrize("filling", [0, 2 * LONGEST])
@pytest.mark.parametrize(
    "data",
    [
        {"tokens": ["my-word"]},
        {"password": {"value": "my-word"}},
        {"headers": {"X-Api-Key": ["my-word"]}},
        {"env": [{"name": "AWS_SECRET_ACCESS_KEY", "value": "my-word"}]},
    ],
)
def test_data_and_what_is_unknown_have_none(data, filling):
    entry = held({"message": "m", "data": {**data, "z": ["x"] * filling}, "custom": data})
    assert "my-word" not in json.dumps(details_of_entry(0, entry))
    (line,) = file_text(as_ndjson([entry])).splitlines()
    assert "my-word" not in line
    assert json.loads(line)["custom"]


def test_names_are_cut_and_counted():
    long = {name: f"{name} {'x' * 70_000}" for name in ("id", "code", "level", "time")}
    entry = held({**long, "path": [{"node_id": "n" * 70_000}]})
    assert all(len(getattr(entry, name)) < 600 for name in (*long, "node"))
    assert entry.size > held({}).size + 5 * 500
