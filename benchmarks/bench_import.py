"""How long until `connect` can be called: ours beside the official client's, a process each."""

import subprocess
import sys

from _table import compare


def imports(statement: str) -> None:
    """Run one statement in a fresh interpreter."""
    subprocess.run([sys.executable, "-c", statement], check=True)  # noqa: S603 - our own words


if __name__ == "__main__":
    compare(
        "import",
        {
            "openeo_widgets.connect": lambda: imports("from openeo_widgets import connect"),
            "openeo.connect": lambda: imports("from openeo import connect"),
            "openeo_widgets.JobWidget": lambda: imports("from openeo_widgets import JobWidget"),
            "ipywidgets + ipyleaflet": lambda: imports("import ipywidgets, ipyleaflet"),
        },
    )
