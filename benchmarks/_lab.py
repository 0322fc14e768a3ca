"""JupyterLab in headless Chromium for benchmarks, as the browser tests have it."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from harness import (
    CHROMIUM_ARGUMENTS,
    Lab,
    LabServer,
    ProcessGuard,
    ScriptedBackend,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CHROMIUM_ARGUMENTS", "ScriptedBackend", "jupyterlab"]


@contextmanager
def jupyterlab() -> Iterator[Lab]:
    """A page with JupyterLab, over a server of its own."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        guard = ProcessGuard(Path(folder) / "refused.txt")
        server = LabServer(Path(folder), guard)
        lab = Lab(browser, server, guard)
        lab.use()
        yield lab
        lab.close()
        server.stop()
        guard.close()
        browser.close()
