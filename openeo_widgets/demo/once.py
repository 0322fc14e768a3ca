"""Run the tour in a kernel without a browser: ``python -m openeo_widgets.demo.once tour.ipynb``.

The tour's own cells run as they are. One thing in it is a person's: the click on Start. A cell
tagged ``create-job`` makes the batch job ``job``, one tagged ``create-series`` makes ``series``:
after each of them a cell is put in that starts that job through the public API and tells what
happens; after the last one, a cell that verifies all results. The notebook on disk stays as it is.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

_TAG = re.compile(r"create-(\w+)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_CELL_TIMEOUT_S = 600


def main(argv: list[str]) -> int:
    """Run the tour and say how it went.

    Args:
        argv: The path of the notebook.

    Returns:
        0 if every cell ran and the results were verified, else 1.
    """
    path = Path(argv[0])
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    add_steps(notebook)
    client = _TalkingClient(
        notebook,
        timeout=_CELL_TIMEOUT_S,
        resources={"metadata": {"path": str(path.parent)}},
        kernel_name="python3",
        # The kernel's warnings about itself are nothing that a person could act on here.
        extra_arguments=["--log-level=ERROR"],
    )
    try:
        asyncio.run(client.async_execute())
    except CellExecutionError as error:
        _say(f"The tour failed in this cell:\n{_COLOURS.sub('', str(error))}")
        return 1
    _say("The tour ran through, and its results are verified.")
    return 0


def add_steps(notebook: nbformat.NotebookNode) -> None:
    """Put in the cells that start the jobs and verify their results.

    Raises:
        ValueError: No cell is tagged as one that makes a job.
    """
    jobs, cells = [], []
    for cell in notebook.cells:
        cells.append(cell)
        for job in _jobs_made_by(cell):
            cells.append(_step(f"start_and_follow({job})"))
            jobs.append(job)
    if not jobs:
        raise ValueError("No cell of the notebook is tagged create-...: what is to be started?")
    notebook.cells = [*cells, _step(f"verify({', '.join(jobs)})")]


def _jobs_made_by(cell: nbformat.NotebookNode) -> list[str]:
    """Return the names of the batch jobs that a cell's tags tell."""
    matches = (_TAG.fullmatch(tag) for tag in cell.metadata.get("tags", ()))
    return [match[1] for match in matches if match]


def _step(call: str) -> nbformat.NotebookNode:
    """Make a cell that calls a function of `openeo_widgets.demo.steps`."""
    return _cell(f"import openeo_widgets.demo.steps as _steps; _steps.{call}")


def _cell(source: str) -> nbformat.NotebookNode:
    made: nbformat.NotebookNode = nbformat.v4.new_code_cell(  # type: ignore[no-untyped-call]
        source, metadata={"openeo_widgets": "step"}
    )
    return made


class _TalkingClient(NotebookClient):
    """Runs a notebook, prints each cell, and what is printed in it as it is printed."""

    async def async_execute_cell(
        self, cell: nbformat.NotebookNode, cell_index: int, *args: Any, **options: Any
    ) -> nbformat.NotebookNode:
        if cell.cell_type == "code" and not _is_step(cell):
            _say(_as_typed(cell.source))
        return await super().async_execute_cell(cell, cell_index, *args, **options)

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        # Warnings of other cells are nothing that a person could act on here.
        told = msg["content"].get("name") == "stdout" or _is_step(cell)
        if told and msg["msg_type"] == "stream":
            sys.stdout.write(msg["content"]["text"])
            sys.stdout.flush()
        return super().process_message(msg, cell, cell_index)


def _is_step(cell: nbformat.NotebookNode) -> bool:
    return bool(cell.metadata.get("openeo_widgets") == "step")


def _as_typed(source: str) -> str:
    """Show a cell's source as a Python prompt does: what the lines below answer to."""
    first, *more = source.strip().splitlines() or ["(empty)"]
    return "\n".join([f">>> {first}", *(f"... {line}".rstrip() for line in more)])


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command speaks by printing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
