"""The command's arguments, and what it says where an extra is missing."""

import pytest

from openeo_widgets import __version__, cli


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"openeo-widgets {__version__}\n"


def test_without_a_command_it_explains_itself(capsys):
    assert cli.main([]) == 2
    assert "demo" in capsys.readouterr().out


def test_missing_extra_is_named(capsys, monkeypatch):
    monkeypatch.setattr(cli, "NEEDED", ("no_such_module_anywhere",))
    assert cli.main(["demo"]) == 1
    said = capsys.readouterr().err
    assert 'pip install "openeo-widgets[demo]"' in said
    assert "no_such_module_anywhere" in said


def test_a_folder_that_is_none_is_named(capsys, tmp_path):
    file = tmp_path / "file"
    file.touch()
    assert cli.main(["demo", "--folder", str(file)]) == 1
    said = capsys.readouterr().err
    assert str(file) in said
    assert "--folder" in said
