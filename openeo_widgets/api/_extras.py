"""Libraries that are not everybody's: imported where they are used, and named where missing."""

from __future__ import annotations

import importlib
from typing import Any

from openeo_widgets.errors import MissingExtraError

__all__ = ["needed"]


def needed(module: str, extra: str, what: str) -> Any:
    """Import a module of an extra.

    Args:
        module: Its name.
        extra: The extra of this package that brings it.
        what: What it is needed for, as the subject of a sentence: "Tables of this size".

    Raises:
        MissingExtraError: It is not installed, or something that it needs is not.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        missing = error.name or module
        raise MissingExtraError(
            f"{what}: the library {missing!r} is not installed here.",
            hint=f'pip install "openeo-widgets[{extra}]"',
        ) from error
