"""Which preview a file gets, and previews of the user's own."""

import json

import pytest

import openeo_widgets
from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview import SHOWN_BYTES, PreviewFile
from openeo_widgets.transfer import TooMuchError


@pytest.fixture
def register():
    """A function that registers a preview for as long as the test lasts."""
    backs = []

    def add(match, make):
        backs.append(openeo_widgets.register_preview(match, make))
        return backs[-1]

    yield add
    for take_back in backs:
        take_back()


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("a", "application/json; charset=utf-8", "tree"),
        ("a", "application/geo+json", "tree"),
        ("a.json", "", "tree"),
        ("A.JSON", "application/octet-stream", "tree"),
        ("a", "TEXT/CSV", "table"),
        ("a.csv", "text/plain", "table"),
        ("a", "text/plain", "text"),
        ("a.log", "", "text"),
        ("a.unknown", "", "text"),
    ],
)
def test_media_type_and_extension_say_which_preview(opened, name, media_type, kind):
    assert opened(b"[1, 2]\n", name, media_type).told[0]["kind"] == kind


def test_a_preview_of_the_users_comes_first_and_can_be_taken_back(opened, register):
    take_back = register(".json", lambda file: f"mine: {file.name}")
    assert opened({}).told[0]["text"] == "mine: a.json"
    register("application/json", lambda _: "the last one")
    assert opened({}, "a", "Application/JSON; x=y").told[0]["text"] == "the last one"
    assert opened({}).told[0]["text"] == "mine: a.json"
    take_back()
    take_back()
    assert opened({}).told[0]["kind"] == "tree"


def test_a_function_may_match_by_role(opened, register):
    register(lambda file: "overview" in file.roles, lambda _: "an overview")
    assert opened({}, roles=("data", "overview")).told[0]["text"] == "an overview"
    assert opened({}).told[0]["kind"] == "tree"


class Page:
    def _repr_html_(self):
        return "<b>page</b>"


class Frame:
    columns = ("a", "b")

    def head(self, _most):
        return self

    def itertuples(self, **_options):
        return [(1, None), (2, float("nan"))]

    def __len__(self):
        return 2


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        ("text", ["text"]),
        ({"a": 1}, ["tree"]),
        ({"2022-01-01": 1, "2022-02-01": 2}, ["chart", "table", "tree"]),
        (Page(), ["html"]),
        (Frame(), ["table"]),
        (b"GIF89a\x01\0\x01\0", ["image"]),
        (("text", Page()), ["text", "html"]),
        ((), []),
    ],
)
def test_what_a_function_returns_is_shown(opened, register, found, kinds):
    register(".json", lambda _: found)
    assert [one["kind"] for one in opened({}).told] == kinds


@pytest.mark.parametrize("found", [None, 1, b"no picture", object()])
def test_what_cannot_be_shown_is_said(opened, register, found):
    register(".json", lambda _: found)
    with pytest.raises(OpenEOWidgetsError, match=r"registered for 'a\.json' failed"):
        opened({})


def test_errors_of_a_function_are_said_in_its_words(opened, register):
    register(".json", lambda _: 1 / 0)
    with pytest.raises(OpenEOWidgetsError, match="ZeroDivisionError: division by zero"):
        opened({})
    register(lambda _: 1 / 0, lambda _: "never")
    with pytest.raises(OpenEOWidgetsError, match="failed to say whether"):
        opened({})


def test_a_function_keeps_to_the_budget_without_knowing_of_it(opened, register, read):
    register(".json", lambda file: f"{len(file.read())} bytes")
    content = b"x" * 6_000_000
    preview = opened(content)
    assert (preview.told, preview.question) == ((), "a.json has 6 MB: read all of it?")
    assert sum(read) <= 5_000_000
    assert opened(content, whole=True).told[0]["text"] == "6000000 bytes"


def test_no_more_is_told_than_there_is_room_for(opened, register):
    class Large:
        def _repr_html_(self):
            return "ä" * 100_000

    register(".json", lambda _: ("text", Large(), "more"))
    preview = opened({})
    assert [one["kind"] for one in preview.told] == ["text", "text"]
    assert len(preview.views) == 2
    assert "Page is too large" in preview.note
    assert len(json.dumps(preview.told, ensure_ascii=False).encode()) < SHOWN_BYTES


@pytest.mark.parametrize(("match", "make"), [(1, str), (".x", None), (None, None)])
def test_what_cannot_be_registered_is_refused(match, make):
    with pytest.raises(TypeError, match="register_preview takes"):
        openeo_widgets.register_preview(match, make)


def test_a_file_says_what_it_is_and_reads_its_beginning(file_of, read):
    file = file_of(b"0123456789", "A.TXT", "Text/Plain; charset=utf-8")
    assert (file.extension, file.media_type, file.size) == (".txt", "text/plain", 10)
    assert file.head(4) == (b"0123", True)
    assert file.head() == (b"0123456789", False)
    assert file.read() == b"0123456789"
    assert read == [4, 10]
    assert "A.TXT" in repr(file)
    assert isinstance(file, PreviewFile)


def test_more_than_may_be_read_is_refused(file_of):
    with pytest.raises(TooMuchError):
        file_of(b"x" * 6_000_000).read()
    with pytest.raises(TooMuchError, match="Download it instead"):
        file_of(b"x" * 6_000_000, whole=True).read(5_500_000)
