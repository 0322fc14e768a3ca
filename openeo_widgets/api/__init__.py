"""The openEO API, as far as batch jobs need it. No threads, no Jupyter."""

from openeo_widgets.api._asset import ResultAsset
from openeo_widgets.api._connection import Connection, connect
from openeo_widgets.api._cube import DataCube
from openeo_widgets.api._job import BatchJob, RESTJob
from openeo_widgets.api._logs import LogEntry
from openeo_widgets.api._results import JobResults

__all__ = [
    "BatchJob",
    "Connection",
    "DataCube",
    "JobResults",
    "LogEntry",
    "RESTJob",
    "ResultAsset",
    "connect",
]
