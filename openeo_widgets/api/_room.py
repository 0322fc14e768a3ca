"""Whether the disk has room for files, all of them together."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer import kept_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from openeo_widgets.api._asset import ResultAsset

__all__ = ["check_room"]


def check_room(assets: Iterable[ResultAsset], folder: Path) -> None:
    """Refuse files that the disk has no room for before it is full of some of them.

    Args:
        assets: The files. Those whose size nobody tells are left out, as what is here already.
        folder: Where they are to go.

    Raises:
        DownloadError: There is no room.
    """
    missing = sum(_missing(asset, folder) for asset in assets)
    free = shutil.disk_usage(folder).free
    if missing > free:
        raise DownloadError(
            f"The files need {missing} bytes more, and {free} are free in {str(folder)!r}.",
            hint="Make room there, choose another folder, or fewer files with include=[...].",
        )


def _missing(asset: ResultAsset, folder: Path) -> int:
    path = asset.found_in(folder)
    if asset.size is None or path.exists():
        return 0
    here, _ = kept_of(path) or (0, None)
    return max(0, asset.size - here)
