"""One JupyterLab page that all tests share: opening it takes longer than most tests."""

import json
import re
import shutil
from pathlib import Path
from urllib.parse import quote

from harness.network import CHROMIUM_RULES, PageGuard
from harness.notebook import Notebook

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    f"--host-resolver-rules={CHROMIUM_RULES}",
]
SIZE = (1280, 900)
_SETTINGS_OF_KERNELS = "@jupyterlab/apputils-extension:kernels-settings"
_THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
_LOAD_MS = 60_000

# What others log as an error, with the reason why it is not ours.
ALLOWED_ERRORS = (
    # ipyleaflet tells the kernel where a map looks, also when the map's page has been closed.
    r"Could not send widget sync message[\s\S]*jupyter-leaflet",
    r"Error: Cannot send\n[\s\S]*jupyter-leaflet",
    # A map of ipyleaflet listens to the window's size, also when its widget is gone.
    r"Cannot convert undefined or null to object[\s\S]*update_bounds [^\n]*jupyter-leaflet",
    # JupyterLab asks a kernel for a subshell for each comm, also one that is about to be ended.
    r"Canceled future for create_subshell_request message before replies were done",
    # JupyterLab takes its splash screen off a page twice when it is loaded anew.
    r"Failed to execute 'removeChild' on 'Node'[^\n]*\n[^\n]*/static/lab/jlab_core[^\n]*$",
)


class Lab:
    """A page with JupyterLab.

    Args:
        browser: Playwright's browser.
        server: The LabServer.
        processes: The ProcessGuard of the server and its kernels.
    """

    def __init__(self, browser, server, processes):
        self._server = server
        self._processes = processes
        self._context = browser.new_context(
            viewport={"width": SIZE[0], "height": SIZE[1]},
            service_workers="block",
            accept_downloads=True,
        )
        self._guard = PageGuard(self._context, map(re.compile, ALLOWED_ERRORS))
        self.page = self._context.new_page()
        self.page.set_default_timeout(30_000)
        self._guard.watch(self.page)
        self._subshells = None
        self._theme = None
        self._number = 0

    def use(self, *, theme="light", size=SIZE, subshells=True):
        """Set theme, size of the window, and whether comms go over subshells."""
        if subshells != self._subshells:
            self._load(subshells)
        width, height = size
        self.page.set_viewport_size({"width": width, "height": height})
        if theme != self._theme:
            self._change_theme(theme)

    def forget(self):
        """Load the page anew, and emptied, before it is used again.

        JupyterLab goes on opening what it had open for a while after it was loaded anew.
        """
        self._subshells = None

    def open(self, cells, *, name="notebook.ipynb", env=None):
        """Make a notebook, open it, and wait until its kernel is idle.

        Args:
            cells: Sources of code cells, or the path of a notebook to copy.
            name: Its file name.
            env: Variables for its kernel.

        Returns:
            The Notebook. Its kernel's working folder is its own.
        """
        self._server.kernel_environment(env or {})
        self._number += 1
        folder = self._server.root / f"{self._number:03}"
        folder.mkdir()
        if isinstance(cells, Path):
            shutil.copy(cells, folder / name)
        else:
            (folder / name).write_text(json.dumps(_notebook(cells)), encoding="utf-8")
        return Notebook(self.page, f"{folder.name}/{name}", folder)

    def take_problems(self):
        """Return what left this machine or tried to, and the page's errors, since last asked."""
        foreign, errors = self._guard.take()
        return [*foreign, *self._processes.take()], errors

    def screenshot(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def close(self):
        self._context.close()

    def _load(self, subshells):
        mode = "perCommTarget" if subshells else "disabled"
        self._server.set(_SETTINGS_OF_KERNELS, {"commsOverSubshells": mode})
        # A workspace of its own and emptied: nothing of an earlier page is opened again.
        self.page.goto(f"{self._server.url}/lab/workspaces/{quote(mode)}?reset", timeout=_LOAD_MS)
        self.page.wait_for_function(
            "mode => window.jupyterapp?.serviceManager.kernels.commsOverSubshells === mode",
            arg=mode,
            timeout=_LOAD_MS,
        )
        self.page.evaluate("() => window.jupyterapp.restored.then(() => null)")
        self.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        self._subshells, self._theme = subshells, None

    def _change_theme(self, theme):
        self.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
            ".then(() => null)",
            _THEMES[theme],
        )
        self.page.wait_for_selector(
            f"body[data-jp-theme-light='{str(theme == 'light').lower()}']", state="attached"
        )
        self._theme = theme


def _notebook(sources):
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{position}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": source,
            }
            for position, source in enumerate(sources)
        ],
    }
