"""The command ``openeo-widgets``: the demo, and the local back-end alone."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from openeo_widgets._version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

# Modules by which to tell whether the extra ``demo`` is installed.
NEEDED = ("jupyterlab", "ipykernel", "nbclient", "uvicorn", "openeo_processes_dask")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: The arguments; those of the process by default.

    Returns:
        The exit code: 0 when all went well, 1 when it did not, 2 for wrong arguments and for
        a back-end that could not start.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    # The back-end reads its own arguments, --help included, and knows what it needs.
    if arguments[:1] == ["backend"]:
        from openeo_widgets import backend  # noqa: PLC0415 - only where it is asked for

        return backend.main(arguments[1:])
    options = _parser().parse_args(arguments)
    if options.command == "demo":
        return _demo(options)
    _parser().print_help()
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openeo-widgets",
        description="Watch, steer and see openEO batch jobs from any notebook.",
    )
    parser.add_argument("--version", action="version", version=f"openeo-widgets {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")
    demo = commands.add_parser(
        "demo",
        help="the tour in JupyterLab, with a local back-end",
        description="Start a local openEO back-end and JupyterLab with the tour open. "
        "Ctrl-C ends both. Everything stays on this machine.",
    )
    demo.add_argument(
        "--once",
        action="store_true",
        help="run the tour without a browser, then verify its results and end; "
        "works in a temporary folder unless --folder names one",
    )
    demo.add_argument(
        "--folder",
        type=Path,
        metavar="DIR",
        help="where the notebooks and their results go (default: ./openeo-demo)",
    )
    demo.add_argument(
        "--port", type=int, default=8888, help="JupyterLab's, if it is free (default: 8888)"
    )
    demo.add_argument(
        "--backend-port",
        type=int,
        default=8585,
        help="the back-end's, if it is free (default: 8585)",
    )
    demo.add_argument("--no-browser", action="store_true", help="print the address only")
    commands.add_parser(
        "backend",
        help="the local back-end alone (--help tells its options)",
        add_help=False,
    )
    return parser


def _demo(options: argparse.Namespace) -> int:
    # Looked up and not imported: some of these take seconds.
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        print(  # noqa: T201 - a command speaks by printing
            f"openeo-widgets demo needs more than is installed ({', '.join(missing)}): "
            'pip install "openeo-widgets[demo]"',
            file=sys.stderr,
        )
        return 1
    from openeo_widgets.demo import Options, run  # noqa: PLC0415 - needs the extra

    return run(
        Options(
            once=options.once,
            folder=options.folder,
            lab_port=options.port,
            backend_port=options.backend_port,
            browser=not options.no_browser,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
