"""A whole session with a back-end that writes secrets everywhere leaves none of them behind."""

import json
import logging
import traceback

import pytest
from harness.comms import Comms
from harness.secrets import LeakyBackend, marks_in
from harness.widgets import wait_until

from openeo_widgets import JobWidget, OpenEOWidgetsError, ResultsWidget, connect

LONG_S = 20
# These tell of every request what was asked for, to whoever switches them on.
OF_OTHERS = ("urllib3", "asyncio", "comm", "ipykernel", "tornado")

# Answered with an address, as it is: the person asked to open just that.
REVEALED = {"open_link", "log_link", "web_editor"}
KINDS = {
    "refresh": {},
    "logs_open": {"wanted": True},
    "logs_window": {"start": 0, "count": 50, "level": "debug", "search": ""},
    "log_details": {"index": 1, "level": "debug", "search": ""},
    "log_link": {"index": 1, "link": 0},
    "logs_save": {"form": "ndjson", "level": "debug", "search": ""},
    "open_link": {"index": 0},
    "web_editor": {},
    "copy_python": {},
    "draft": {},
    "preflight": {},
    "update": {"title": "t", "description": "d"},
    "graph": {},
    "requests": {"since": 0},
}


@pytest.fixture
def leaky(scripted):
    return LeakyBackend(scripted)


@pytest.fixture
def comms(monkeypatch):
    return Comms(monkeypatch)


class Traces:
    """All that a session leaves behind, as texts with a word about where they are from."""

    def __init__(self):
        self.texts = []

    def leave(self, where, text):
        self.texts.append((where, text))

    def thing(self, thing):
        self.leave(f"repr of {type(thing).__name__}", repr(thing))
        self.leave(f"str of {type(thing).__name__}", str(thing))

    def error(self, request):
        with pytest.raises(OpenEOWidgetsError) as found:
            request()
        error = found.value
        self.thing(error)
        told = {name: value for name, value in vars(error).items() if name != "links"}
        self.leave("fields of an error", str(told))
        self.leave("its whole traceback", "".join(traceback.format_exception(error)))

    def widget(self, widget):
        self.thing(widget)
        state = {name: value for name, value in widget.get_state().items() if name != "_esm"}
        self.leave("traits", json.dumps(state, default=str, ensure_ascii=False))
        self.leave("output", json.dumps(widget._repr_mimebundle_()[0], ensure_ascii=False))


def everything_asked(widget, comms, traces):
    """Ask for all that the card can be asked for; the answers with addresses are set apart."""
    revealed = []
    for kind, fields in KINDS.items():
        answer = comms.ask(widget, kind, **fields)
        if kind in REVEALED and answer["ok"]:
            assert set(answer["data"]) == {"url"}
            revealed.append(answer)
        else:
            traces.leave(f"answer to {kind}", json.dumps(answer, ensure_ascii=False))
    traces.widget(widget)
    return revealed


def files_downloaded_and_seen(widget, comms, traces, folder):
    results = widget.results
    wait_until(results, lambda w: w.state == "ready")
    assert len(results.assets) == 5
    for row in results.assets:
        if row["previewable"] or "away" in row["key"]:
            assert comms.ask(results, "preview", key=row["key"])["ok"]
            wait_until(results, lambda w: w.preview["state"] != "loading")
            traces.widget(results)
        assert comms.ask(results, "select", key=row["key"])["ok"]
    assert comms.ask(results, "download", key=results.assets[1]["key"])["ok"]
    assert comms.ask(results, "download_all")["ok"]
    rows = {row["key"] for row in results.assets}
    wait_until(
        results,
        lambda w: (
            set(w.downloads) == rows
            and {row["state"] for row in w.downloads.values()} <= {"done", "failed"}
        ),
    )
    # The names that the browser was told are those that it asks with.
    states = {key: row["state"] for key, row in results.downloads.items()}
    assert states["out.tif"] == "done"
    assert states[results.assets[1]["key"]] == "done"
    assert states["broken.bin"] == "failed"
    traces.widget(results)
    traces.leave("files", str(sorted(folder.rglob("*.tif"))))


def things_are_looked_at(job, traces, folder):
    results = job.get_results()
    traces.thing(results)
    for asset in results.get_assets():
        traces.thing(asset)
        if asset.key.startswith(("broken", "elsewhere", "http")):
            traces.error(asset.load_bytes)
            traces.error(lambda asset=asset: asset.download(folder / "x"))


def everything_fails(widget, leaky, traces):
    leaky.scripted.answers["GET /jobs/j-1"] = (500, leaky.error("job"), leaky.headers)
    widget.refresh()
    wait_until(widget, lambda w: w.freshness["state"] == "lost")
    traces.error(widget.job.describe)
    traces.widget(widget)
    leaky.scripted.answers["GET /jobs/j-1/results"] = (424, leaky.error("results"))
    other = ResultsWidget(widget.job)
    wait_until(other, lambda w: w.state == "error")
    traces.widget(other)
    widget.close()
    other.close()


def test_no_secret_is_left_behind(leaky, comms, caplog, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    scripted, traces = leaky.scripted, Traces()

    connection = connect(leaky.url).authenticate_basic("demo", leaky.password)
    traces.thing(connection)
    traces.thing(connection.auth)
    job = connection.create_job(leaky.graph("created"))
    traces.thing(job)
    widget = JobWidget(job)
    wait_until(widget, lambda w: w.status == "created")
    revealed = everything_asked(widget, comms, traces)
    scripted.answers["POST /jobs/j-1/results"] = (400, leaky.error("start"), leaky.headers)
    widget.start()
    wait_until(widget, lambda w: w.error is not None)
    traces.widget(widget)
    traces.error(job.start)

    scripted.job["status"] = "error"
    widget.refresh()
    wait_until(widget, lambda w: w.status == "error" and w.error is not None)
    assert "Failed with … at" in widget.error["message"]
    revealed += everything_asked(widget, comms, traces)
    for entry in job.logs():
        traces.thing(entry)

    scripted.job["status"] = "finished"
    widget.refresh()
    wait_until(widget, lambda w: w.results is not None)
    files_downloaded_and_seen(widget, comms, traces, tmp_path)
    revealed += everything_asked(widget, comms, traces)
    things_are_looked_at(job, traces, tmp_path)
    everything_fails(widget, leaky, traces)
    traces.leave("messages", comms.text(but=revealed))
    traces.leave("log", "\n".join(
        f"{record.name} {record.getMessage()} {record.exc_text or ''}"
        for record in caplog.records
        if not record.name.startswith(OF_OTHERS)
    ))  # fmt: skip
    found = [(where, marks_in(text, leaky)) for where, text in traces.texts]
    assert [(where, marks) for where, marks in found if marks] == []


def test_keys_that_are_alike_without_their_secrets_are_told_apart(scripted, comms):
    keys = ["a?sig=Zq10mVx0Lw9Tn4pR7k", "a?sig=Zq11mVx0Lw9Tn4pR7k", "a?…"]
    assets = {key: {"href": f"/files/{n}.json?sig=x"} for n, key in enumerate(keys)}
    _, item = scripted.answers["GET /jobs/j-1/results"]
    scripted.answers["GET /jobs/j-1/results"] = (200, {**item, "assets": assets})
    for number in range(3):
        scripted.answers[f"GET /files/{number}.json"] = (200, {"number": number})
    widget = ResultsWidget(connect(scripted.url).job("j-1"))
    wait_until(widget, lambda w: w.state == "ready")
    shown = [row["key"] for row in widget.assets]
    assert len(set(shown)) == 3
    for number, (key, real) in enumerate(zip(shown, keys, strict=True)):
        for name in (key, real) if real != "a?…" else (key,):
            assert comms.ask(widget, "preview", key=name)["ok"]
            wait_until(widget, lambda w: w.preview["state"] == "ready")
            assert str(number) in widget.preview["text"]
            assert widget.preview["key"] == widget.selected == key
    widget.close()
