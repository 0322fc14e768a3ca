"""The README's own lines, against the local back-end."""

import ast
import asyncio
import re
from pathlib import Path

from openeo_widgets.backend import LocalBackend

README = Path(__file__).parents[3] / "README.md"


def blocks():
    """The two blocks that belong together: "Use it", and "Batch jobs in Python"."""
    found = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return [block for block in found if "create_job(" in block]


def test_the_lines_of_the_readme_run_as_they_stand(tmp_path, monkeypatch, capsys):
    first, second = blocks()
    assert "http://127.0.0.1:8585" in first
    monkeypatch.chdir(tmp_path)
    names = {}
    with LocalBackend(tmp_path / "backend") as backend:
        source = first.replace("http://127.0.0.1:8585", backend.url) + second
        code = compile(source, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        asyncio.run(_run(code, names))
    assert "openEO.tif" in capsys.readouterr().out
    assert names["content"][:2] in {b"II", b"MM"}
    assert (tmp_path / "ndvi.tif").read_bytes()[:2] in {b"II", b"MM"}
    assert (tmp_path / "data" / "out" / "ndvi.tif").is_file()


async def _run(code, names):
    running = eval(code, names)  # noqa: S307 - the project's own README
    if running is not None:
        await running
