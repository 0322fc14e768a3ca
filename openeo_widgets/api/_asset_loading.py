"""A result file as what it holds: JSON, a table, or a folder of files."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from openeo_widgets import transfer
from openeo_widgets.api._asset_answer import asked_for
from openeo_widgets.api._extras import needed
from openeo_widgets.api._texts import decoded, delimiter_of
from openeo_widgets.api._times import seconds_of_time
from openeo_widgets.api._urls import member_url
from openeo_widgets.errors import DownloadError, NotJSONError, OpenEOWidgetsError

if TYPE_CHECKING:
    from openeo_widgets.api._job import BatchJob
    from openeo_widgets.transfer import RemoteFile

__all__ = ["MOST_IN_MEMORY", "AssetLoading", "kind_of"]

#: More bytes than this are for disk, not for memory, unless one says so.
MOST_IN_MEMORY = 512 * 1024 * 1024

# What servers answer of a file that is not there.
_NOT_THERE = frozenset((404, 410))

# So much of a CSV file tells how it is written.
_BEGINNING = 100_000

_KINDS = {
    "application/geo+json": "json",
    "application/json": "json",
    "application/netcdf": "netcdf",
    "application/x-netcdf": "netcdf",
    "application/vnd.apache.parquet": "parquet",
    "application/x-parquet": "parquet",
    "image/tiff": "geotiff",
    "image/vnd.stac.geotiff": "geotiff",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
}
_KINDS_BY_SUFFIX = {
    ".csv": "csv",
    ".geojson": "json",
    ".geoparquet": "parquet",
    ".json": "json",
    ".nc": "netcdf",
    ".parquet": "parquet",
    ".tif": "geotiff",
    ".tiff": "geotiff",
    ".tsv": "csv",
}


def kind_of(filename: str, media_type: str | None) -> str:
    """What a file holds, in a word; "" for what nothing here loads."""
    bare = (media_type or "").split(";", maxsplit=1)[0].strip().lower()
    return _KINDS.get(bare) or _KINDS_BY_SUFFIX.get(PurePosixPath(filename).suffix.lower(), "")


class AssetLoading:
    """What a `ResultAsset` can be loaded as."""

    job: BatchJob
    key: str
    filename: str
    media_type: str | None

    if TYPE_CHECKING:  # what the class has that is loaded so

        def load_bytes(self, *, most: int = MOST_IN_MEMORY) -> bytes: ...
        def load_head(self, most: int) -> tuple[bytes, bool]: ...
        def open(self) -> RemoteFile: ...
        def _current_href(self) -> str: ...

    def load_member(self, path: str, *, most: int = MOST_IN_MEMORY) -> bytes | None:
        """Load a file of the folder that this asset is, such as a Zarr store.

        Args:
            path: Path of the file in the folder, with ``/``.
            most: Most bytes to load; 512 MiB by default.

        Returns:
            The bytes; None where the server has no such file.

        Raises:
            DownloadError: It is larger than that, or could not be loaded whole.
        """
        name = f"{self.key}/{path}"
        try:
            response = asked_for(self.job, self.key, member_url(self._current_href(), path), {})
        except transfer.BROKEN as error:
            raise transfer.broken(name, error) from None  # the cause holds the link
        with response:
            if response.status_code in _NOT_THERE:
                return None
            content, more = transfer.read(response, name, most=most)
        if more:
            raise DownloadError(f"{name!r} is larger than {most} bytes, too many for memory.")
        return content

    def load_json(self, *, most: int = MOST_IN_MEMORY) -> Any:
        """Load a JSON file.

        Args:
            most: Most bytes to load; 512 MiB by default.

        Raises:
            NotJSONError: The file is not JSON, or is nested too deep.
            DownloadError: It is larger than that, or could not be loaded whole.
        """
        content = self.load_bytes(most=most)
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            kind = self.media_type or "no media type"
            how = "too deeply nested" if isinstance(error, RecursionError) else "not JSON"
            raise NotJSONError(
                f"Asset {self.key!r} ({kind}) is {how}.",
                hint="Take it as it is: asset.load_bytes(), or asset.download(...).",
            ) from None  # the cause holds the whole file

    def load_table(self, **options: Any) -> Any:
        """Load a CSV, TSV, Parquet or JSON file as a pandas table.

        Of CSV the encoding and what stands between the cells are found out, unless options say
        so. JSON may be a time series of openEO's (a row for each date and geometry, a column for
        each band), GeoJSON (its properties) or a list of objects.

        Args:
            options: For ``pandas.read_csv`` or ``pandas.read_parquet``: ``columns=[...]`` of a
                Parquet file reads just these.

        Returns:
            A ``pandas.DataFrame``.

        Raises:
            MissingExtraError: pandas, or pyarrow for Parquet, is not installed.
            OpenEOWidgetsError: The file is no table.
            DownloadError: It could not be loaded whole.
        """
        pandas = needed("pandas", "tables", f"{self.filename!r} cannot be loaded as a table")
        kind = kind_of(self.filename, self.media_type)
        if kind == "csv":
            return self._read_csv(pandas, options)
        if kind == "parquet":
            needed("pyarrow", "tables", f"{self.filename!r} cannot be loaded as a table")
            with self.open() as opened:
                return pandas.read_parquet(opened, engine="pyarrow", **options)
        rows = _rows_of(self.load_json()) if kind == "json" else None
        if rows is None:
            raise OpenEOWidgetsError(
                f"Asset {self.key!r} is no table.",
                hint="Take it as it is: asset.load_bytes(), asset.load_json(), asset.open().",
            )
        return pandas.DataFrame(rows)

    def _read_csv(self, pandas: Any, options: dict[str, Any]) -> Any:
        begun, more = self.load_head(_BEGINNING)
        text, encoding = decoded(begun, cut=more)
        found = {"encoding": encoding, "sep": delimiter_of(text)}
        if found["sep"] == ";":
            found["decimal"] = ","
        with self.open() as opened:
            return pandas.read_csv(opened, **{**found, **options})


def _rows_of(data: Any) -> list[dict[str, Any]] | None:
    """The rows of a table that JSON holds, or None where it holds none."""
    features = data.get("features") if isinstance(data, dict) else None
    if isinstance(features, list):
        return [
            one["properties"]
            for one in features
            if isinstance(one, dict) and isinstance(one.get("properties"), dict)
        ]
    if isinstance(data, dict) and data and all(seconds_of_time(key) is not None for key in data):
        return [row for date in sorted(data) for row in _of_date(date, data[date])]
    if isinstance(data, list) and data and all(isinstance(one, dict) for one in data):
        return data
    return None


def _of_date(date: str, value: Any) -> list[dict[str, Any]]:
    """The rows of a date: one for each geometry."""
    values = value if isinstance(value, list) else [value]
    if any(isinstance(one, list) for one in values):
        return [
            {"date": date, "feature_index": place, **_bands(one if isinstance(one, list) else [])}
            for place, one in enumerate(values)
        ]
    return [{"date": date, **_bands(values)}]


def _bands(values: list[Any]) -> dict[str, Any]:
    return {f"band {place}": value for place, value in enumerate(values, 1)}
