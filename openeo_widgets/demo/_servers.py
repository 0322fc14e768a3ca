"""The two servers of the demo: which commands start them, and what tells that they are ready."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import re
import secrets
import socket
import sys
from typing import TYPE_CHECKING

from openeo_widgets.demo._child import Child

if TYPE_CHECKING:
    from openeo_widgets.demo._folder import DemoFolder

_LOOPBACK = "127.0.0.1"
_READY_S = 120.0
_PAUSE_S = 0.05
_BACKEND_READY = re.compile(r"back-end ready at (http://\S+)")
_LAB_READY = re.compile(rf"http://{re.escape(_LOOPBACK)}:(\d+)/lab")


async def start_backend(folder: DemoFolder, port: int) -> tuple[Child, str]:
    """Start the local back-end, and wait until it answers.

    Args:
        folder: Where its data go.
        port: The port to take, if it is free.

    Returns:
        The program, and the back-end's address.

    Raises:
        ChildError: It did not start.
    """
    child = await Child.start(
        "The back-end",
        [
            *(sys.executable, "-m", "openeo_widgets.backend"),
            *("--port", str(free_port(port))),
            *("--data", str(folder.state / "backend")),
        ],
        environment=environment(folder),
        log=folder.state / "backend.log",
    )
    return child, (await _ready(child, _BACKEND_READY))[1]


async def start_lab(folder: DemoFolder, port: int, backend_url: str) -> tuple[Child, str]:
    """Start JupyterLab, and wait until it answers.

    Args:
        folder: The folder that it shows.
        port: The port to take, if it is free.
        backend_url: Where the notebooks find the back-end.

    Returns:
        The program, and the address that opens the tour. It contains the token: whoever has it
        can run programs as this user.

    Raises:
        ChildError: It did not start.
    """
    token = secrets.token_urlsafe(24)
    child = await Child.start(
        "JupyterLab",
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser"),
            f"--ServerApp.ip={_LOOPBACK}",
            f"--ServerApp.port={free_port(port)}",
            f"--ServerApp.root_dir={folder.path}",
            # Neither news nor updates nor extensions are asked for on the network.
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.extension_manager=readonly",
            *(["--allow-root"] if _is_root() else []),
        ],
        # The environment, unlike the command line, is not shown to the machine's other users.
        environment=environment(folder, backend_url) | {"JUPYTER_TOKEN": token},
        log=folder.state / "jupyterlab.log",
    )
    taken = (await _ready(child, _LAB_READY))[1]
    await _listening(child, int(taken))
    tour = folder.tour.relative_to(folder.path).as_posix()
    return child, f"http://{_LOOPBACK}:{taken}/lab/tree/{tour}?token={token}"


async def _ready(child: Child, pattern: re.Pattern[str]) -> re.Match[str]:
    """Wait for the line that tells it, and end the program if it does not come."""
    try:
        return await child.said(pattern, _READY_S)
    except BaseException:
        await child.stop()
        raise


async def _listening(child: Child, port: int) -> None:
    """Wait until a port answers: Jupyter's server tells its address a moment before."""
    ended = asyncio.ensure_future(child.must_go_on())
    try:
        while not ended.done():
            try:
                _, writer = await asyncio.open_connection(_LOOPBACK, port)
            except OSError:
                await asyncio.wait({ended}, timeout=_PAUSE_S)
            else:
                writer.close()
                return
        ended.result()
    except BaseException:
        await child.stop()
        raise
    finally:
        ended.cancel()


def environment(folder: DemoFolder, backend_url: str = "") -> dict[str, str]:
    """Make the environment of the demo's programs.

    The person's own Jupyter configuration stays out of it and is left as it is.

    Args:
        folder: Where Jupyter's files of this demo go.
        backend_url: What ``OPENEO_BACKEND_URL`` is set to, unless empty.

    Returns:
        This process's environment with what the demo needs.
    """
    jupyter = folder.state / "jupyter"
    _write_kernelspec(folder)
    _write_settings(folder)
    here = ",".join(
        name for name in (os.environ.get("no_proxy", ""), _LOOPBACK, "localhost") if name
    )
    return {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(jupyter / "config"),
        "JUPYTER_RUNTIME_DIR": str(jupyter / "runtime"),
        "JUPYTERLAB_WORKSPACES_DIR": str(jupyter / "workspaces"),
        "JUPYTER_PATH": os.pathsep.join(
            path for path in (str(jupyter / "share"), os.environ.get("JUPYTER_PATH", "")) if path
        ),
        "IPYTHONDIR": str(jupyter / "ipython"),
        # A proxy for the world outside must not come between the demo's own programs.
        "no_proxy": here,
        "NO_PROXY": here,
        "PYTHONUNBUFFERED": "1",
        **({"OPENEO_BACKEND_URL": backend_url} if backend_url else {}),
    }


def _write_kernelspec(folder: DemoFolder) -> None:
    """Let "python3" mean the Python that runs this, whatever kernels the person has."""
    spec = folder.state / "jupyter" / "share" / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(
        json.dumps(
            {
                "argv": command,
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "metadata": {"debugger": True},
            }
        ),
        encoding="utf-8",
    )


def _write_settings(folder: DemoFolder) -> None:
    """Answer JupyterLab's question about news beforehand: it would cover the tour."""
    path = (
        folder.state / "jupyter/config/lab/user-settings"
        "/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    )
    if not path.exists():  # else the person may have chosen
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"fetchNews": "false"}', encoding="utf-8")


def free_port(preferred: int) -> int:
    """Return the preferred loopback port if it is free, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            if sys.platform != "win32":  # there it means to share a port that is taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_LOOPBACK, port))
            except (OSError, OverflowError) as error:
                if port == 0:
                    raise
                if isinstance(error, OSError) and error.errno not in _TAKEN:
                    raise
                continue
            return int(probe.getsockname()[1])
    raise AssertionError("unreachable: the last attempt returns or raises")


_TAKEN = (errno.EADDRINUSE, errno.EACCES)


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0
