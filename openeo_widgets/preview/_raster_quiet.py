"""rasterio's warning that something lies nowhere: the widget says so itself, where that matters."""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["quiet"]

_lock = threading.Lock()


@contextmanager
def quiet() -> Iterator[None]:
    """While this lasts it is not printed into some cell that a raster lies nowhere.

    Which warnings are ignored is the process's, and rasterio changes that too where it warps and
    writes: two threads must not put back each other's. Whatever does such a thing is done in here,
    in one thread at a time.
    """
    from rasterio.errors import NotGeoreferencedWarning  # noqa: PLC0415 - of the extra `raster`

    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield
