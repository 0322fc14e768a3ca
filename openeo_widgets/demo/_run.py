"""The demo from start to end: what runs, in which order, and what ends it."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import shlex
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openeo_widgets.demo._child import Child, ChildError
from openeo_widgets.demo._folder import DemoFolder
from openeo_widgets.demo._servers import environment, start_backend, start_lab

if TYPE_CHECKING:
    from collections.abc import Coroutine

_DEFAULT_FOLDER = Path("openeo-demo")
_INTERRUPTED = 130


@dataclasses.dataclass(frozen=True)
class Options:
    """What a person may choose.

    Attributes:
        once: Run the tour without a browser and verify its results, instead of showing it.
        folder: Where the notebooks and their results go; None for ``./openeo-demo``, and for
            a temporary folder with `once`.
        lab_port: JupyterLab's port, if it is free.
        backend_port: The back-end's port, if it is free.
        browser: Whether to open the browser, where there is one.
    """

    once: bool = False
    folder: Path | None = None
    lab_port: int = 8888
    backend_port: int = 8585
    browser: bool = True


def run(options: Options) -> int:
    """Run the demo until it is ended, or the tour once.

    Returns:
        The exit code. 0: it was ended by Ctrl-C, or the tour's results were verified. 1: the
        folder cannot be used, a program ended by itself, or the tour failed. 130: the tour was
        interrupted.
    """
    with contextlib.ExitStack() as stack:
        path = options.folder
        if path is None and options.once:
            path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="openeo-demo-")))
        path = path or _DEFAULT_FOLDER
        try:
            folder = DemoFolder(path)
        except OSError as error:
            print(  # noqa: T201 - a command speaks by printing
                f"The folder {path} cannot be used: {error.strerror}. --folder names another.",
                file=sys.stderr,
            )
            return 1
        try:
            return asyncio.run(_run(options, folder))
        except KeyboardInterrupt:  # only where signals cannot be handled in the loop: Windows
            return _INTERRUPTED if options.once else 0


async def _run(options: Options, folder: DemoFolder) -> int:
    task = asyncio.current_task()
    assert task is not None, "asyncio.run makes one"  # noqa: S101 - for mypy
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with contextlib.suppress(NotImplementedError, AttributeError):
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), task.cancel)
    try:
        return await (_once(options, folder) if options.once else _show(options, folder))
    except ChildError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command speaks by printing
        return 1
    except asyncio.CancelledError:
        _say("Ended.")
        return _INTERRUPTED if options.once else 0


async def _show(options: Options, folder: DemoFolder) -> int:
    """Show the tour in JupyterLab, until Ctrl-C or until JupyterLab ends.

    Notebooks that are being edited outlive the back-end; the widgets wait until it is back.
    """
    for note in folder.copy_notebooks():
        _say(note)
    async with contextlib.AsyncExitStack() as stack:
        _say("Starting the local back-end and JupyterLab ...")
        backend, backend_url = await start_backend(folder, options.backend_port)
        stack.push_async_callback(backend.stop)
        lab, address = await start_lab(folder, options.lab_port, backend_url)
        stack.push_async_callback(lab.stop)
        _say(f"Back-end:   {backend_url}   (user demo, password demo)")
        _say(f"Notebooks:  {folder.path}")
        _say(f"\nThe tour:   {address}\n\nCtrl-C ends both.")
        if options.browser:
            _open_browser(address)
        gone = asyncio.create_task(_tell_end(backend, folder, backend_url))
        stack.push_async_callback(_canceled, gone)
        return await lab.must_go_on()


async def _tell_end(backend: Child, folder: DemoFolder, backend_url: str) -> None:
    """Say when the back-end ended by itself, and how to start it again."""
    try:
        await backend.must_go_on()
    except ChildError as error:
        port, data = urlsplit(backend_url).port, shlex.quote(str(folder.state / "backend"))
        # Not by its name: in `make demo` that is on nobody's path.
        command = f"{shlex.quote(sys.executable)} -m openeo_widgets.backend"
        print(  # noqa: T201 - a command speaks by printing
            f"{error}\nJupyterLab goes on. In another terminal this starts the back-end again:\n"
            f"  {command} --port {port} --data {data}",
            file=sys.stderr,
            flush=True,
        )


async def _canceled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def _once(options: Options, folder: DemoFolder) -> int:
    """Run the tour in a kernel of its own, and return its verdict."""
    for note in folder.copy_notebooks():
        _say(note)
    async with contextlib.AsyncExitStack() as stack:
        backend, backend_url = await start_backend(folder, options.backend_port)
        stack.push_async_callback(backend.stop)
        _say(f"Back-end at {backend_url}")
        runner = await Child.start(
            "The tour",
            [sys.executable, "-m", "openeo_widgets.demo.once", str(folder.tour)],
            environment=environment(folder, backend_url),
            log=folder.state / "once.log",
            echo=True,
        )
        stack.push_async_callback(runner.stop)
        return await _first_end(backend.must_go_on(), runner.ended())


async def _first_end(*endings: Coroutine[Any, Any, int]) -> int:
    """Return or raise what the first of them does."""
    tasks = [asyncio.ensure_future(ending) for ending in endings]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in tasks:
            task.cancel()


def _open_browser(address: str) -> None:
    """Open the browser, where there is a screen for it."""
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        return  # webbrowser might take over the terminal with a text browser
    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(address)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command speaks by printing
