"""Results as what they hold: a cube of xarray, or the features of GeoPandas."""

from __future__ import annotations

import importlib.util
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._asset_loading import kind_of
from openeo_widgets.api._extras import needed
from openeo_widgets.api._stac import roles_of
from openeo_widgets.api._times import seconds_of_time
from openeo_widgets.errors import MultipleAssetsError, NoSuchAssetError, OpenEOWidgetsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openeo_widgets.api._asset import ResultAsset

__all__ = ["ResultsLoading"]

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)")


class ResultsLoading:
    """What `JobResults` can be loaded as."""

    if TYPE_CHECKING:  # what the class has that is loaded so

        def get_assets(self) -> list[ResultAsset]: ...
        def get_asset(self, key: str | None = None) -> ResultAsset: ...

    def to_xarray(self, key: str | None = None, **options: Any) -> Any:
        """Open NetCDF or GeoTIFF results as an xarray dataset, where they are.

        Values are read when they are needed, in parts; with Dask installed the dataset is made of
        Dask arrays. Several NetCDF files are combined by their coordinates, several GeoTIFFs
        along their dates, a variable for each band.

        Args:
            key: Which asset; all data of these formats by default.
            options: For ``xarray.open_dataset`` or ``rioxarray.open_rasterio``.

        Returns:
            An ``xarray.Dataset``. Close it when it is not needed any more.

        Raises:
            MissingExtraError: xarray, or what it reads the format with, is not installed.
            NoSuchAssetError: There is no such asset, or none of these formats.
            MultipleAssetsError: There are several, and nothing tells how they belong together.
            DownloadError: A file cannot be read.
        """
        xarray = needed("xarray", "cubes", "Results cannot be opened as a cube")
        assets = self._of_kinds(key, ("netcdf", "geotiff"), "NetCDF or GeoTIFF")
        if importlib.util.find_spec("dask") is not None:
            options = {"chunks": {}, **options}
        kinds = {kind_of(asset.filename, asset.media_type) for asset in assets}
        if len(kinds) > 1:
            raise _several(assets)
        if kinds == {"netcdf"}:
            needed("h5netcdf", "cubes", "NetCDF cannot be opened")
            return _cubes(xarray, assets, options)
        return _rasters(xarray, assets, options)

    def to_geodataframe(self, key: str | None = None) -> Any:
        """Load GeoJSON or GeoParquet results as a GeoPandas table.

        Args:
            key: Which asset. Not needed where there is just one of these formats.

        Returns:
            A ``geopandas.GeoDataFrame``; of GeoJSON in longitude and latitude (OGC:CRS84).

        Raises:
            MissingExtraError: GeoPandas is not installed.
            NoSuchAssetError: There is no such asset, or none of these formats.
            MultipleAssetsError: There are several of them.
            OpenEOWidgetsError: It holds no features.
            DownloadError: It could not be loaded whole.
        """
        geopandas = needed("geopandas", "tables", "Results cannot be loaded as features")
        assets = self._of_kinds(key, ("vector", "parquet"), "GeoJSON or GeoParquet")
        if len(assets) > 1:
            raise _several(assets)
        (asset,) = assets
        if kind_of(asset.filename, asset.media_type) == "parquet":
            with asset.open() as opened:
                return geopandas.read_parquet(opened)
        data = asset.load_json()
        features = data.get("features", [data]) if isinstance(data, dict) else []
        try:
            return geopandas.GeoDataFrame.from_features(features, crs="OGC:CRS84")
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise OpenEOWidgetsError(
                f"Asset {asset.key!r} holds no features ({type(error).__name__}: {error}).",
                hint="See what it is: asset.load_json().",
            ) from error

    def _of_kinds(self, key: str | None, kinds: Sequence[str], named: str) -> list[ResultAsset]:
        if key is not None:
            return [self.get_asset(key)]
        assets = [asset for asset in self.get_assets() if _kind(asset) in kinds and _is_data(asset)]
        if not assets:
            raise NoSuchAssetError(
                f"The results have no {named} file.",
                hint="See which there are: results.get_assets().",
            )
        return assets


def _kind(asset: ResultAsset) -> str:
    """What a file holds; of JSON that alone which says that it has features."""
    kind = kind_of(asset.filename, asset.media_type)
    is_vector = "geo+json" in (asset.media_type or "") or asset.filename.endswith(".geojson")
    return "vector" if kind == "json" and is_vector else kind


def _is_data(asset: ResultAsset) -> bool:
    """Whether it is what was asked for, and no picture or description of it."""
    roles = roles_of(asset.metadata)
    return not roles or "data" in roles


def _several(assets: Sequence[ResultAsset]) -> MultipleAssetsError:
    keys = ", ".join(repr(asset.key) for asset in assets[:20])
    return MultipleAssetsError(
        f"The results have {len(assets)} such files, and nothing tells how they belong together.",
        hint=f"Say which one with key=..., one of {keys}.",
    )


def _cubes(xarray: Any, assets: Sequence[ResultAsset], options: dict[str, Any]) -> Any:
    """NetCDF files as one dataset, by their coordinates."""
    with ExitStack() as closing:
        opened = [
            closing.enter_context(xarray.open_dataset(asset.open(), engine="h5netcdf", **options))
            for asset in assets
        ]
        if len(opened) == 1:
            closing.pop_all()  # it closes what it reads from itself
            return opened[0]
        return _kept(_together(lambda: xarray.combine_by_coords(opened), assets), closing)


def _kept(dataset: Any, closing: ExitStack) -> Any:
    """The dataset, which closes what it reads from: what is made of opened ones closes none."""
    dataset.set_close(closing.pop_all().close)
    return dataset


def _together(combine: Callable[[], Any], assets: Sequence[ResultAsset]) -> Any:
    try:
        return combine()
    except ValueError:
        raise _several(assets) from None


def _rasters(xarray: Any, assets: Sequence[ResultAsset], options: dict[str, Any]) -> Any:
    """GeoTIFFs as one dataset: along the dates in their metadata, or else in their names."""
    rasterio = needed("rasterio", "cubes", "GeoTIFF cannot be opened")
    rioxarray = needed("rioxarray", "cubes", "GeoTIFF cannot be opened")
    numpy = needed("numpy", "cubes", "GeoTIFF cannot be opened")
    with ExitStack() as closing:
        opened = []
        for asset in assets:
            file = closing.enter_context(rasterio.open(asset.filename, opener=asset.opener))
            raster = rioxarray.open_rasterio(file, masked=True, **options)
            closing.callback(raster.close)
            opened.append(_by_band(raster))
        if len(opened) == 1:
            return _kept(opened[0], closing)
        dates = [_date(asset) for asset in assets]
        if None in dates or len(set(dates)) < len(dates):
            raise _several(assets)
        dated = sorted(zip(dates, opened, strict=True), key=lambda pair: str(pair[0]))
        times = xarray.Variable("t", numpy.array([date for date, _ in dated], "datetime64[ns]"))
        return _kept(
            _together(
                lambda: xarray.concat([one for _, one in dated], times, join="exact"), assets
            ),
            closing,
        )


def _by_band(raster: Any) -> Any:
    """A raster with a variable for each of its bands, by their names where they have some."""
    told = raster.attrs.get("long_name", ())
    names = [told] if isinstance(told, str) else list(told)
    if len(names) != raster.sizes["band"] or len(set(names)) < len(names):
        names = [f"band_{number}" for number in raster["band"].values]
    return raster.assign_coords(band=names).to_dataset(dim="band")


def _date(asset: ResultAsset) -> str | None:
    told = asset.metadata.get("datetime")
    if isinstance(told, str) and seconds_of_time(told) is not None:
        return told[:19]
    found = _DATE.search(asset.filename)
    return "-".join(found.groups()) if found else None
