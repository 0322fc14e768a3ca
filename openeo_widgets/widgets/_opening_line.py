"""A line of Python that opens a downloaded file, by what it is."""

from __future__ import annotations

from pathlib import PurePath

__all__ = ["opening_line"]

# By media type, and where that is of no use by extension. `{}` is the path, quoted.
_GEOTIFF = "import rioxarray; data = rioxarray.open_rasterio({})"
_XARRAY = "import xarray; data = xarray.open_dataset({})"
_ZARR = "import xarray; data = xarray.open_zarr({})"
_GRIB = 'import xarray; data = xarray.open_dataset({}, engine="cfgrib")'
_JSON = 'import json; data = json.load(open({}, encoding="utf-8"))'
_CSV = "import pandas; data = pandas.read_csv({})"
_TSV = 'import pandas; data = pandas.read_csv({}, sep="\\t")'
_EXCEL = "import pandas; data = pandas.read_excel({})"
_PARQUET = "import pandas; data = pandas.read_parquet({})"
_GEOPARQUET = "import geopandas; data = geopandas.read_parquet({})"
_VECTOR = "import geopandas; data = geopandas.read_file({})"
_ZIP = "import zipfile; data = zipfile.ZipFile({})"
_TAR = "import tarfile; data = tarfile.open({})"
_TEXT = 'data = open({}, encoding="utf-8").read()'
_PICTURE = "from IPython.display import Image; Image({})"
_SVG = "from IPython.display import SVG; SVG({})"
_BYTES = 'data = open({}, "rb").read()'

_BY_TYPE = {
    "application/geo+json": _VECTOR,
    "application/geopackage+sqlite3": _VECTOR,
    "application/gzip": _BYTES,
    "application/json": _JSON,
    "application/netcdf": _XARRAY,
    "application/tar": _TAR,
    "application/vnd.apache.parquet": _PARQUET,
    "application/vnd.google-earth.kml+xml": _VECTOR,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _EXCEL,
    "application/vnd+zarr": _ZARR,
    "application/vnd.zarr": _ZARR,
    "application/wmo-grib2": _GRIB,
    "application/x-grib": _GRIB,
    "application/x-hdf": _XARRAY,
    "application/x-hdf5": _XARRAY,
    "application/x-netcdf": _XARRAY,
    "application/x-parquet": _PARQUET,
    "application/x-tar": _TAR,
    "application/zip": _ZIP,
    "image/gif": _PICTURE,
    "image/jp2": _GEOTIFF,
    "image/jpeg": _PICTURE,
    "image/png": _PICTURE,
    "image/svg+xml": _SVG,
    "image/tiff": _GEOTIFF,
    "image/vnd.stac.geotiff": _GEOTIFF,
    "text/csv": _CSV,
    "text/tab-separated-values": _TSV,
}

_BY_SUFFIX = {
    ".csv": _CSV,
    ".fgb": _VECTOR,
    ".geojson": _VECTOR,
    ".geoparquet": _GEOPARQUET,
    ".gpkg": _VECTOR,
    ".grb2": _GRIB,
    ".grib": _GRIB,
    ".grib2": _GRIB,
    ".h5": _XARRAY,
    ".hdf5": _XARRAY,
    ".jp2": _GEOTIFF,
    ".jpeg": _PICTURE,
    ".jpg": _PICTURE,
    ".json": _JSON,
    ".nc": _XARRAY,
    ".parquet": _PARQUET,
    ".png": _PICTURE,
    ".svg": _SVG,
    ".tar": _TAR,
    ".tgz": _TAR,
    ".tif": _GEOTIFF,
    ".tiff": _GEOTIFF,
    ".tsv": _TSV,
    ".xlsx": _EXCEL,
    ".zarr": _ZARR,
    ".zip": _ZIP,
}


def opening_line(path: str, media_type: str | None) -> str:
    """A line of Python, complete with its import, that opens a file.

    The path is quoted so that it is nothing but a path, whatever characters are in it.

    Args:
        path: Where the file is.
        media_type: What the back-end says of it, parameters and all, or None.
    """
    bare = (media_type or "").split(";")[0].strip().lower()
    suffix = PurePath(path).suffix.lower()
    line = _BY_TYPE.get(bare)
    # A more exact word than the media type's: what is JSON may be GeoJSON, and Parquet have shapes.
    if line is None or suffix in {".geojson", ".geoparquet", ".zarr"}:
        line = _BY_SUFFIX.get(suffix) or line
    if line is None and bare.endswith("+json"):
        line = _JSON
    if line is None and bare.startswith("text/"):
        line = _TEXT
    return (line or _BYTES).format(repr(path))
