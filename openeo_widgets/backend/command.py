"""The command line: ``python -m openeo_widgets.backend``."""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from openeo_widgets.backend.errors import ConfigurationError
from openeo_widgets.backend.settings import API_VERSIONS, DEMO_ACCOUNTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

PASSWORD_VARIABLE = "OPENEO_WIDGETS_BACKEND_PASSWORD"  # noqa: S105 -- the variable's name, not a password
_NEEDED = ("starlette", "uvicorn", "jwt", "openeo_processes_dask", "rasterio")
_CONFIGURATION = 2
"""Exit code for what the user has to change."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the back-end until SIGINT or SIGTERM.

    Args:
        argv: arguments of the command line, without the program's name.

    Returns:
        0 after a clean end, 2 if it could not start.
    """
    arguments = _parser().parse_args(argv)
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        return _refuse(
            f"The local back-end needs more packages ({', '.join(missing)} missing):"
            ' pip install "openeo-widgets[backend]"'
        )
    try:
        return _run(arguments)
    except ConfigurationError as error:
        return _refuse(str(error))


def _run(arguments: argparse.Namespace) -> int:
    from openeo_widgets.backend.server import LocalBackend  # noqa: PLC0415 -- slow to import, or not there without the extra

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 -- the caller hands it over
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    backend = LocalBackend(
        arguments.data,
        host=arguments.host,
        port=arguments.port,
        accounts=_accounts(arguments.password_file),
        link_seconds=arguments.link_seconds,
        scheduler=arguments.scheduler,
        workers=arguments.workers,
        api_version=arguments.api_version,
        public_url=arguments.public_url,
    )
    with backend:
        print(f"openEO back-end ready at {backend.url}", flush=True)  # noqa: T201 -- the command line speaks here
        stop.wait()
    return 0


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)  # noqa: T201 -- the command line speaks here
    return _CONFIGURATION


def _accounts(path: Path | None) -> dict[str, str] | None:
    """Password by user name, of the file or the environment; None if neither is given.

    Raises:
        ConfigurationError: if the file cannot be read or has no password.
    """
    if path is None:
        password = os.environ.get(PASSWORD_VARIABLE)
        return {next(iter(DEMO_ACCOUNTS)): password} if password else None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}.") from error
    accounts = dict(_account(line.strip()) for line in lines if line.strip())
    if not accounts:
        raise ConfigurationError(f"There is no password in {path}.")
    return accounts


def _account(line: str) -> tuple[str, str]:
    name, colon, password = line.partition(":")
    return (name, password) if colon else (next(iter(DEMO_ACCOUNTS)), line)


def _data_folder() -> Path:
    """A folder of the user's own, where their system keeps such things."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base or Path.home() / "AppData" / "Local") / "openeo-widgets" / "backend"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "openeo-widgets" / "backend"
    base = os.environ.get("XDG_DATA_HOME")
    return Path(base or Path.home() / ".local" / "share") / "openeo-widgets" / "backend"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openeo-widgets backend",
        description="A local openEO back-end over sample data.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to bind to (default: %(default)s)")
    add("--port", type=int, default=8585, help="0 picks a free one (default: %(default)s)")
    add("--data", type=Path, default=_data_folder(), help="data folder (default: %(default)s)")
    add("--scheduler", help="a Dask cluster that exists, such as tcp://127.0.0.1:8786")
    add("--workers", type=_positive, default=2, help="jobs at a time (default: %(default)s)")
    add("--link-seconds", type=float, default=86400.0, help="life of signed links")
    add(
        "--password-file",
        type=Path,
        help=f"a password for 'demo', or lines of name:password; or set {PASSWORD_VARIABLE}",
    )
    add("--api-version", choices=API_VERSIONS, default=API_VERSIONS[0])
    add("--public-url", help="where clients reach the back-end, if it stands behind a proxy")
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value
