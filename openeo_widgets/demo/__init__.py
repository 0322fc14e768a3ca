"""The demo: the local back-end and JupyterLab side by side, or the tour without a browser.

It starts programs and watches over them; it has no part in what the package does.
"""

from openeo_widgets.demo._run import Options, run

__all__ = ["Options", "run"]
