"""Bytes to disk, whole or not at all. Knows HTTP, not openEO."""

from openeo_widgets.transfer._answer import BAD_LINK, BROKEN, broken
from openeo_widgets.transfer._asking import first_answer, good_answer
from openeo_widgets.transfer._bars import bars
from openeo_widgets.transfer._chunks import chunks, read, read_head
from openeo_widgets.transfer._control import Control
from openeo_widgets.transfer._disk import made_folder, write_whole
from openeo_widgets.transfer._download import download
from openeo_widgets.transfer._existing import found_as
from openeo_widgets.transfer._hosts import MOST_PER_HOST
from openeo_widgets.transfer._kept import kept_of
from openeo_widgets.transfer._many import Fetch, fetch_all
from openeo_widgets.transfer._names import (
    Named,
    file_names,
    folder_name,
    has_extension,
    told_extension,
)
from openeo_widgets.transfer._opened import RemoteFile, TooMuchError
from openeo_widgets.transfer._progress import FileState, Progress, Report
from openeo_widgets.transfer._workers import Workers

__all__ = [
    "BAD_LINK",
    "BROKEN",
    "MOST_PER_HOST",
    "Control",
    "Fetch",
    "FileState",
    "Named",
    "Progress",
    "RemoteFile",
    "Report",
    "TooMuchError",
    "Workers",
    "bars",
    "broken",
    "chunks",
    "download",
    "fetch_all",
    "file_names",
    "first_answer",
    "folder_name",
    "found_as",
    "good_answer",
    "has_extension",
    "kept_of",
    "made_folder",
    "read",
    "read_head",
    "told_extension",
    "write_whole",
]
