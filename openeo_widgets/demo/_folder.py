"""The folder that the demo works in: the notebooks, and beside them what it keeps for itself."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

TOUR = "tour.ipynb"
_STATE = ".openeo-widgets"
_COPIED = "copied-notebooks.json"


class DemoFolder:
    """A working folder with copies of the notebooks.

    A person may change the copies. So a copy is replaced by a newer notebook of the package only
    while its cells are as they were copied: running them changes outputs, not cells. A changed
    copy stays, and a newer notebook is put beside it under a new name, once.

    Args:
        path: The folder. It is made if needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.state = self.path / _STATE
        self.state.mkdir(parents=True, exist_ok=True)
        # Whoever keeps the demo in a repository does not want our logs and data in it.
        (self.state / ".gitignore").write_text("*\n", encoding="utf-8")

    @property
    def tour(self) -> Path:
        """The person's copy of the tour."""
        return self.path / TOUR

    def copy_notebooks(self, source: Path | None = None) -> list[str]:
        """Bring the package's notebooks here.

        Args:
            source: The folder with the notebooks; the package's own by default.

        Returns:
            What a person should know, one sentence each.
        """
        copied = self._copied()
        notes = []
        for notebook in sorted((source or notebooks_folder()).glob("*.ipynb")):
            note = self._copy(notebook, copied)
            if note:
                notes.append(note)
        self._record.write_text(json.dumps(copied, indent=1, sort_keys=True), encoding="utf-8")
        return notes

    def _copy(self, notebook: Path, copied: dict[str, str]) -> str:
        """Copy one notebook, or say why not."""
        target = self.path / notebook.name
        new, before = cells_digest(notebook), copied.get(notebook.name)
        copied[notebook.name] = new
        if not target.exists():
            _write_copy(notebook, target)
            return ""
        here = cells_digest(target)
        if here == new:
            return ""
        if here == before:
            _write_copy(notebook, target)
            return f"{target.name} is now the newer one of this version."
        if before == new:
            return ""
        beside = _free_name(target)
        _write_copy(notebook, beside)
        return f"You changed {target.name}, so it stays; the newer one is {beside.name}."

    @property
    def _record(self) -> Path:
        return self.state / _COPIED

    def _copied(self) -> dict[str, str]:
        """Digests of the notebooks as they were copied, by name."""
        try:
            known = json.loads(self._record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def notebooks_folder() -> Path:
    """Return the folder of the package's notebooks: in a wheel within it, else in the checkout.

    Raises:
        FileNotFoundError: The package was installed without them.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / TOUR).is_file():
            return folder
    raise FileNotFoundError(f"The package at {package} comes without its notebooks.")


def cells_digest(notebook: Path) -> str:
    """Return a digest of the cells' kinds and sources: outputs and metadata do not count."""
    text = notebook.read_text(encoding="utf-8")
    try:
        cells = json.loads(text)["cells"]
        # The format allows a source as one string and as a list of lines.
        content = json.dumps([[cell["cell_type"], "".join(cell["source"])] for cell in cells])
    except (ValueError, KeyError, TypeError):
        content = text
    return hashlib.sha256(content.encode()).hexdigest()


def _write_copy(notebook: Path, target: Path) -> None:
    target.write_bytes(notebook.read_bytes())


def _free_name(target: Path) -> Path:
    number = 2
    while (beside := target.with_stem(f"{target.stem}-{number}")).exists():
        number += 1
    return beside
