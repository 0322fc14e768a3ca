"""A local openEO back-end for demos, classrooms and tests.

It speaks HTTP only: nothing else of the package imports it, and it imports nothing else of the
package. It needs the extra ``backend``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.backend.command import main

if TYPE_CHECKING:
    from openeo_widgets.backend.server import LocalBackend

__all__ = ["LocalBackend", "main"]


def __getattr__(name: str) -> Any:
    # Late, so that ``main`` can say which packages are missing.
    if name == "LocalBackend":
        from openeo_widgets.backend.server import LocalBackend  # noqa: PLC0415 -- slow to import, or not there without the extra

        return LocalBackend
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
