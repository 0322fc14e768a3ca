"""Bytes to disk, whole or not at all. Knows HTTP, not openEO."""

from openeo_widgets.transfer._download import Progress, download, read, write_whole
from openeo_widgets.transfer._names import Named, file_names

__all__ = ["Named", "Progress", "download", "file_names", "read", "write_whole"]
