"""Bytes to disk, whole or not at all. Knows HTTP, not openEO."""

from openeo_widgets.transfer._download import BROKEN, Progress, broken, download, read, write_whole
from openeo_widgets.transfer._many import Fetch, fetch_all
from openeo_widgets.transfer._names import (
    Named,
    file_names,
    folder_name,
    has_extension,
    told_extension,
)
from openeo_widgets.transfer._opened import RemoteFile
from openeo_widgets.transfer._workers import Workers

__all__ = [
    "BROKEN",
    "Fetch",
    "Named",
    "Progress",
    "RemoteFile",
    "Workers",
    "broken",
    "download",
    "fetch_all",
    "file_names",
    "folder_name",
    "has_extension",
    "read",
    "told_extension",
    "write_whole",
]
