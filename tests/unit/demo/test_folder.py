"""What happens to a person's copy of a notebook."""

import json

import pytest

from openeo_widgets.demo._folder import DemoFolder, cells_digest, notebooks_folder

OURS, NEWER, THEIRS = "print('ours')", "print('newer')", "print('theirs')"


def write(path, source, outputs=()):
    cell = {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}}), encoding="utf-8")


def source_of(path):
    return "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "package"
    folder.mkdir()
    write(folder / "tour.ipynb", OURS)
    return folder


@pytest.fixture
def folder(tmp_path, package):
    made = DemoFolder(tmp_path / "demo")
    assert made.copy_notebooks(package) == []
    return made


def test_first_copy(folder):
    assert source_of(folder.tour) == OURS


def test_run_copy_keeps_its_outputs(folder, package):
    write(folder.tour, [OURS], outputs=["something"])
    before = folder.tour.read_bytes()
    assert folder.copy_notebooks(package) == []
    assert folder.tour.read_bytes() == before


def test_newer_notebook_replaces_a_copy_that_was_only_run(folder, package):
    write(folder.tour, OURS, outputs=["something"])
    write(package / "tour.ipynb", NEWER)
    assert folder.copy_notebooks(package) == ["tour.ipynb is now the newer one of this version."]
    assert source_of(folder.tour) == NEWER


def test_changed_copy_stays_and_a_newer_notebook_comes_beside_it_once(folder, package):
    write(folder.tour, THEIRS)
    assert folder.copy_notebooks(package) == []
    write(package / "tour.ipynb", NEWER)
    (note,) = folder.copy_notebooks(package)
    assert note == "You changed tour.ipynb, so it stays; the newer one is tour-2.ipynb."
    assert source_of(folder.tour) == THEIRS
    assert source_of(folder.path / "tour-2.ipynb") == NEWER
    assert folder.copy_notebooks(package) == []
    assert not (folder.path / "tour-3.ipynb").exists()


def test_notebook_of_somebody_else_is_never_overwritten(tmp_path, package):
    folder = DemoFolder(tmp_path / "demo")
    folder.tour.write_text("not even JSON", encoding="utf-8")
    (note,) = folder.copy_notebooks(package)
    assert "tour-2.ipynb" in note
    assert folder.tour.read_text(encoding="utf-8") == "not even JSON"


def test_lost_record_counts_as_changed(folder, package):
    (folder.state / "copied-notebooks.json").write_text("[", encoding="utf-8")
    write(package / "tour.ipynb", NEWER)
    (note,) = folder.copy_notebooks(package)
    assert "tour-2.ipynb" in note
    assert source_of(folder.tour) == OURS


def test_source_as_lines_or_as_one_string_is_the_same(tmp_path):
    write(tmp_path / "one.ipynb", "a\nb")
    write(tmp_path / "lines.ipynb", ["a\n", "b"])
    assert cells_digest(tmp_path / "one.ipynb") == cells_digest(tmp_path / "lines.ipynb")


def test_the_package_s_notebooks_are_found():
    assert (notebooks_folder() / "tour.ipynb").is_file()
