"""File names against the rules of Linux, Windows and macOS, written down here as functions."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from openeo_widgets.transfer import Named, file_names, has_extension, told_extension

# What the temporary files beside a target add to its name, at most.
ROOM = 50


def valid_on_linux(name):
    """ext4, XFS: up to 255 bytes without ``/`` and NUL."""
    raw = name.encode()
    return 0 < len(raw) <= 255 - ROOM and not set(raw) & set(b"/\0") and name not in {".", ".."}


def valid_on_windows(name):
    """NTFS through Win32, by Microsoft's "Naming Files, Paths, and Namespaces"."""
    units = len(name.encode("utf-16-le")) // 2
    device = re.fullmatch(
        r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*",
        name.split(".")[0],
    )
    return (
        0 < units <= 255 - ROOM
        and not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        and name[-1] not in ". "
        and not device
        and not re.search(r"~\d", name)  # the short name of another file
    )


def valid_on_macos(name):
    """HFS+ (255 UTF-16 units, decomposed; ``:`` is the separator) and APFS (255 bytes)."""
    units = len(unicodedata.normalize("NFD", name).encode("utf-16-le")) // 2
    return (
        0 < units <= 255 - ROOM
        and len(name.encode()) <= 255 - ROOM
        and not set(name) & set("/:\0")
        and not name.startswith(".")
    )


def same_on_windows(name):
    """NTFS compares UTF-16 units in upper case, one by one."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in name)


def same_on_macos(name):
    """HFS+ and APFS compare decomposed, without case, and HFS+ without what is not seen."""
    seen = "".join(c for c in name if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", seen).casefold())


def same_on_linux_folders_without_case(name):
    """ext4 with casefold: as above, and without default ignorable characters."""
    seen = re.sub(
        "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]", "", name
    )
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", seen).casefold())


SHARP = [
    *"aAbBiI\u0131\u0130sS\u017f\u00df\u1e9ekK\u212a\u00e9\u0301\u00b5\u03bc\u1f82\uac00\ufe0f\u3164",
    *"\u200d\u202e\0\n\t /\\.:*?<>|#%~_-",
    *('"', "CON", "nul", "com1", "COM\u00b9", "..", ".part", ".part.json", ".json", "job-results"),
    *("items", "C:", "//x/y", "%2e%2e%2f", "\ud800", "~1", "e\u0301", "data", "\u0660"),
    *("x" * 300, "\uac00" * 90),
]
texts = st.lists(st.sampled_from(SHARP), max_size=8).map("".join) | st.text(max_size=40)
hrefs = texts | texts.map(lambda text: f"https://x/a/{text}?sig=1")
files = st.lists(
    st.builds(
        Named,
        key=texts,
        href=hrefs,
        media_type=st.sampled_from(["", "image/tiff", "application/json", "x/y"]),
        local_path=st.just("") | texts,
    ),
    unique_by=lambda file: file.key,
    max_size=10,
)
TAKEN = ["job-results.json", "items"]


@settings(max_examples=500)
@given(files)
@example([Named("data"), Named("data.tif")])
@example([Named("job-results")])
@example([Named("\u1f82" * 200 + ".tif"), Named("\ud800")])
@example([Named(".x.tif.part"), Named(".x.tif.part.journal"), Named("x.tif")])
def test_names_are_valid_everywhere_and_shared_nowhere(found):
    names = file_names(found, taken=TAKEN)
    assert set(names) == {file.key for file in found}
    for name in names.values():
        assert valid_on_linux(name)
        assert valid_on_windows(name)
        assert valid_on_macos(name)
        assert not name.startswith(".")  # as what is incomplete does
    for same in (same_on_windows, same_on_macos, same_on_linux_folders_without_case):
        seen = [same(name) for name in [*names.values(), *TAKEN]]
        assert len(set(seen)) == len(seen)


@settings(max_examples=300)
@given(files, st.sampled_from([".tif", ".json", ".nc"]))
def test_an_extension_that_comes_later_brings_no_collision(found, extension):
    names = file_names(found, taken=TAKEN)
    local = {file.key for file in found if file.local_path}
    later = [
        name if has_extension(name) or key in local else name + extension
        for key, name in names.items()
    ]
    seen = [same_on_macos(name) for name in [*later, *TAKEN]]
    assert len(set(seen)) == len(seen)


@settings(max_examples=300)
@given(files, st.randoms())
def test_names_depend_on_nothing_but_what_is_said(found, random):
    mixed = random.sample(found, len(found))
    assert file_names(mixed, taken=TAKEN) == file_names(found, taken=TAKEN)


@given(st.text() | texts, st.text() | st.just("image/tiff"))
def test_any_header_tells_an_extension_or_none(disposition, media_type):
    found = told_extension(disposition, media_type)
    assert not found or re.fullmatch(r"\.[A-Za-z0-9._+-]{1,20}", found)


def test_names_of_the_link_where_the_key_says_nothing():
    uuid = "6f9619ff-8b86-4011-b42d-00c04fc964ff"
    said = {
        "data": "https://x/2021/ndvi.tif?sig=1",
        f"{uuid}_openEO": "https://x/openEO_2021-01-05Z.tif",
        "ndvi_mean": "https://x/openEO.tif",
        "result": f"https://x/{uuid}.tif",
        "output": "https://x/download.php",
        "v1.0": "https://x/B04.jp2",
    }
    names = file_names([Named(key, href=href) for key, href in said.items()])
    assert list(names.values()) == [
        "ndvi.tif", "openEO_2021-01-05Z.tif", "ndvi_mean.tif", "result.tif", "output", "v1.0.jp2",
    ]  # fmt: skip


def test_two_links_of_one_name_leave_the_keys_their_names():
    names = file_names(
        [Named("data", href="http://x/1/a.tif"), Named("item", href="http://x/2/a.tif")]
    )
    assert names == {"data": "data.tif", "item": "item.tif"}


def test_extensions_that_an_answer_tells():
    told = "attachment; filename=\"plain.bin\"; filename*=UTF-8''Z%C3%BCrich.nc"
    assert told_extension(told, "image/tiff") == ".nc"
    assert told_extension('attachment; filename="../../x.tif"', "") == ".tif"
    assert told_extension("inline", "image/tiff; application=geotiff") == ".tif"
    assert told_extension("filename*=nothing''x.tif", "") == ""
