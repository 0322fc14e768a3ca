"""What holds for the repository as a whole, so that nobody has to remember it."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

import openeo_widgets

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
CODE = (".py", ".ts", ".tsx", ".mjs", ".css")
# Spelled so that this file does not contain what it looks for.
PRIVATE = re.compile(r"(?<![\w.:/])/(?:[w]ork|[r]oot|[h]ome|[U]sers)/\w")
REGISTRY = re.compile(
    r"""["']?resolved["']?\s*[:=]\s*["']?https?://(?!registry\.npmjs\.org/)"""
    r"""|(?:extra-)?index-url\s*=|^\s*registry\s*=""",
    re.MULTILINE,
)


def tracked():
    """Every file that is given away: what git tracks, or what was unpacked."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"],  # noqa: S607 - whichever git made the checkout
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("Not a git checkout.")
    return [path for name in filter(None, listed.split("\0")) if (path := ROOT / name).is_file()]


def text_files():
    for path in tracked():
        # Pictures have zero bytes, text has none.
        if b"\0" not in (content := path.read_bytes()):
            yield path.relative_to(ROOT).as_posix(), content.decode()


def test_files_are_short():
    too_long = {
        name: lines
        for name, text in text_files()
        if name.endswith(CODE) and (lines := text.count("\n")) > LONGEST_FILE
    }
    assert not too_long


def test_functions_are_short():
    too_long = {
        f"{name}:{node.name}": lines
        for name, text in text_files()
        if name.endswith(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (lines := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not too_long


def test_no_path_of_somebody_s_machine():
    found = {name: match[0] for name, text in text_files() if (match := PRIVATE.search(text))}
    assert not found


def test_no_private_registry():
    found = {name: match[0] for name, text in text_files() if (match := REGISTRY.search(text))}
    assert not found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (PRIVATE, "see /{}/someone/x".format("home")),
        (PRIVATE, 'open("/{}/x")'.format("work")),
        (REGISTRY, '"resolved": "{}://npm.example/x.tgz"'.format("https")),
        (REGISTRY, "registry=https://npm.example/"),
    ],
)
def test_the_patterns_find_what_they_should(pattern, text):
    assert pattern.search(text)


@pytest.mark.parametrize(
    "text", ["https://openeo.example/work/x", "tests/work/x", "../home/x", "#!/usr/bin/env"]
)
def test_the_patterns_leave_other_paths_alone(text):
    assert not PRIVATE.search(text)


def test_changelog_has_this_version_on_top():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[([^\]]+)\]", changelog, re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]
    # Before the first release there is none to compare with.
    assert headings[0] == "Unreleased" or headings[0] == openeo_widgets.__version__
    assert released[:1] in ([], [openeo_widgets.__version__])
