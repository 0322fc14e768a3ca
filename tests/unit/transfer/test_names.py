"""File names: safe, one for each, and the same from run to run."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openeo_widgets.transfer import Named, file_names, folder_name

_SHARP = [*"abAB/\\.:_ -~ßé#%", "\0", "\n", "é", "\u202e", "CON", "..", "\ud800"]
texts = st.text() | st.lists(st.sampled_from(_SHARP)).map("".join) | st.just("x" * 3000)
files = st.lists(
    st.builds(Named, key=texts, href=texts, media_type=texts, local_path=texts),
    unique_by=lambda file: file.key,
    max_size=8,
)


def _folded(name):
    return unicodedata.normalize("NFC", name).casefold()


@given(files, st.lists(st.sampled_from(["job-results.json", "asset", "a_b"])))
def test_names_are_safe_and_different(found, taken):
    names = file_names(found, taken=taken)
    assert set(names) == {file.key for file in found}
    folded = [_folded(name) for name in names.values()]
    assert len(set(folded)) == len(folded)
    assert not set(folded) & set(taken)
    for name in names.values():
        assert name not in {"", ".", ".."}
        assert PurePosixPath(name).name == PureWindowsPath(name).name == name
        assert not name.startswith(".")
        assert name.isprintable()
        assert len(name.encode()) <= 215


@given(files, st.randoms())
def test_names_do_not_depend_on_the_order(found, random):
    mixed = list(found)
    random.shuffle(mixed)
    assert file_names(mixed) == file_names(found)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (Named("res001.tiff"), "res001.tiff"),
        (Named("\ud800.tif"), "file.tif"),
        (Named("\0.tif"), "file.tif"),
        (Named("out", href="https://x/a/b.nc?sig=1"), "out.nc"),
        (
            Named("out", href="https://x/download", media_type="image/tiff; application=geotiff"),
            "out.tif",
        ),
        (Named("out", media_type="application/geo+json"), "out.geojson"),
        (Named("out", href="https://x/a.not%2Fan%20extension"), "out"),
        (Named("k", local_path="sub/folder/file.tif"), "file.tif"),
        (Named("k", local_path="..\\..\\"), "k"),
        (Named("../../etc/passwd"), "etc_passwd"),
        (Named("con.tif"), "_con.tif"),
        (Named("COM\u00b9.tif"), "_COM\u00b9.tif"),
        (Named("CONOUT$"), "_CONOUT$"),
        (Named(""), "asset"),
        (Named("a b#1.tif"), "a_b_1.tif"),
        (Named("Zürich.tif"), "Zürich.tif"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_names_are_those_that_people_expect(file, name):
    assert file_names([file]) == {file.key: name}


def test_a_key_made_to_look_like_a_marked_name():
    first = file_names([Named("a/b"), Named("a_b")])
    forged = first["a/b"]
    names = file_names([Named("a/b"), Named("a_b"), Named(forged)])
    assert len(set(names.values())) == 3


def test_case_alone_tells_no_files_apart():
    names = file_names([Named("A.tif"), Named("a.tif")])
    assert len({name.casefold() for name in names.values()}) == 2
    assert all(name.lower().endswith(".tif") for name in names.values())


def test_a_long_name_keeps_its_extension():
    (name,) = file_names([Named("é" * 500 + ".tif")]).values()
    assert name.endswith(".tif")


@given(texts, texts)
def test_folders_of_two_names_are_two_safe_folders(one, other):
    folder = folder_name(one)
    assert folder not in {"", ".", ".."}
    assert not set(folder) & set("/\\:\0")
    assert (folder == folder_name(other)) == (one == other)


def test_a_folder_of_a_safe_name_is_called_so():
    assert folder_name("j-24111.a") == "j-24111.a"
    assert folder_name("a/b") != folder_name("a_b") == "a_b"


@pytest.mark.parametrize("field", ["key", "href", "media_type", "local_path"])
@pytest.mark.parametrize("value", [None, 5, b"a"])
def test_what_is_no_text_is_told(field, value):
    with pytest.raises(TypeError, match=f"{field} of a file is text, not"):
        file_names([Named(**{"key": "a", field: value})])
