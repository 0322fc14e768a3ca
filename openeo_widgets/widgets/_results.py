"""`ResultsWidget`: what came out of a batch job, on a map and as files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization

from openeo_widgets.api._http import host_of
from openeo_widgets.errors import (
    DownloadError,
    NoSuchAssetError,
    OpenEOWidgetsError,
    TargetExistsError,
)
from openeo_widgets.transfer import folder_name
from openeo_widgets.widgets._base import LiveWidget, Revealed, error_info, front_end
from openeo_widgets.widgets._downloads import Downloads, shown_path
from openeo_widgets.widgets._map import ResultsMap
from openeo_widgets.widgets._opening_line import opening_line
from openeo_widgets.widgets._previews import PREVIEW_ASKING, PREVIEW_COMMANDS, Previews
from openeo_widgets.widgets._raster_dates import dates_of
from openeo_widgets.widgets._raster_layer import RasterLayer
from openeo_widgets.widgets._results_loading import ResultsLoading
from openeo_widgets.widgets._results_rows import asset_row
from openeo_widgets.widgets._shape_layer import ShapeLayer
from openeo_widgets.widgets._static import results_card
from openeo_widgets.widgets._things import as_results
from openeo_widgets.widgets._to_computer import ToComputer
from openeo_widgets.widgets._traits import identifiers, json_value, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openeo_widgets.api import JobResults, ResultAsset
    from openeo_widgets.api._places import Place
    from openeo_widgets.widgets._static import StaticCard

__all__ = ["ResultsWidget"]

# What the static card is made of.
_SHOWN = (
    *("job_id", "title", "backend", "state", "error"),
    *("assets", "partial", "interval", "bbox", "comparison", "notes"),
)


class ResultsWidget(LiveWidget):
    """The results of a batch job: footprint on a map, files, downloads, previews.

    Args:
        results: Results, or the batch job that they are of, ours or the official client's.
        target: Folder on the Jupyter server that downloads go to; by default a folder named
            after the job in ``results``, so that the files of two jobs never mix.
        map: True for a map of its own, an ``ipyleaflet.Map`` of yours to add layers to, or None
            for none. Yours stays yours: what is added to it goes when the widget is closed.
        basemap: What lies below, on a map of its own: "offline" (land and borders, which ask
            nothing from the network), "osm", the address of tiles with {z}, {x} and {y} in it, or
            an ``ipyleaflet.TileLayer``. By default the address in ``OPENEO_BASEMAP_URL``, whose
            source ``OPENEO_BASEMAP_ATTRIBUTION`` names, else "offline".

    Raises:
        TypeError: `results` or `map` is something else.
        ValueError: There is no such basemap, or `map` is yours.
    """

    _esm = front_end("results.js")
    _css = front_end("results.css")

    #: Title of the job or of its results, or "".
    title = text()
    #: Id of the job. Set once.
    job_id = text()
    #: Host of the back-end. Set once.
    backend = text()
    #: "Item", "Collection", or "" where the results do not say.
    stac_type = text()
    #: loading, waiting (for the job to finish), ready or error.
    state = text("loading")
    #: Why the results cannot be shown: message, code, id, hint; or None.
    error = json_value(lambda: None)
    #: The files, without their links; see ``AssetRow`` in js/src/protocol.ts.
    assets = json_value(list)
    #: First and last date, ISO 8601, "" for open ends.
    interval = json_value(lambda: ["", ""])
    #: When the links expire, milliseconds since the epoch, or None.
    expires_ms = json_value(lambda: None)
    #: Whether these are results of a job that has not finished.
    partial = traitlets.Bool(default_value=False).tag(sync=True)
    #: Whether the job was deleted, and its results with it.
    deleted = traitlets.Bool(default_value=False).tag(sync=True)
    #: West, south, east, north in degrees, or None.
    bbox = json_value(lambda: None)
    #: Why there is no footprint, or where it was taken from; or "".
    footprint_note = text()
    #: What was asked for beside what was delivered; see ``Compared`` in js/src/protocol.ts.
    comparison = json_value(list)
    #: What else is to be known of the results, one sentence each.
    notes = json_value(list)
    #: While what the results link to is read: how many of how many; else None.
    reading = json_value(lambda: None)
    #: Folder on the Jupyter server that downloads go to, as it is shown.
    target = text()
    #: Downloads by key; see ``Download`` in js/src/protocol.ts.
    downloads = json_value(dict)
    #: Why the last download of all files left no STAC beside them, or "".
    stac_note = text()
    #: The open preview, or None; see ``Preview`` in js/src/protocol-preview.ts.
    preview = json_value(lambda: None)
    #: What the open preview has for the map, or None; see ``ShapesState`` in
    #: js/src/protocol-shapes.ts.
    shapes = json_value(lambda: None)
    #: The feature that is chosen of it, or None; see ``ShapeState`` there.
    shape = json_value(lambda: None)
    #: The raster on the map, or None; see ``RasterState`` in js/src/protocol-raster.ts.
    raster = json_value(lambda: None)
    #: The raster that it is compared with, right of a divider, or None.
    compared = json_value(lambda: None)
    #: Key of the selected asset, or "".
    selected = text()
    #: West, south, east, north of what the map is to show, or None where its user moves it.
    view_box = json_value(lambda: None)
    #: Layers on the map, the topmost first; see ``LayerRow`` in js/src/protocol.ts.
    layers = json_value(list)
    #: The ipyleaflet map: yours to add to. Set once.
    map = traitlets.Any(None, allow_none=True).tag(sync=True, **widget_serialization)

    chunks = {"preview": "preview.js"}  # noqa: RUF012 - read only
    working = frozenset({"chunk"})
    commands = {  # noqa: RUF012 - read only
        "chunk": "_chunk",
        "download": "download",
        "download_all": "download_all",
        "download_some": "download_some",
        "pause_download": "pause_download",
        "resume_download": "resume_download",
        "cancel_download": "cancel_download",
        "pause_all": "pause_downloads",
        "resume_all": "resume_downloads",
        "cancel_all": "cancel_downloads",
        "opening_line": "_opening_line",
        "to_computer": "_computer.begin",
        "zip_to_computer": "_computer.begin_zip",
        "piece": "_computer.piece",
        "end_passing": "_computer.end",
        "preview": "open_preview",
        "close_preview": "close_preview",
        **PREVIEW_COMMANDS,
        "raster_show": "_raster.show",
        "raster_compare": "_raster.compare",
        "raster_style": "_raster.style",
        "raster_pixel": "_raster.pixel",
        "raster_frame": "_raster.frame",
        "raster_series": "_raster.series",
        "raster_hide": "_raster.hide",
        "screen": "_raster.screen",
        "select": "select",
        "hover": "_mapped.light",
        "set_layer": "_mapped.layers.set",
        "refresh": "refresh",
        "stop_reading": "stop_reading",
    }

    asking = frozenset({"to_computer", "raster_series", *PREVIEW_ASKING})

    def __init__(
        self,
        results: Any,
        *,
        target: str | Path | None = None,
        map: Any = True,  # noqa: A002 - the trait's name
        basemap: Any = None,
    ) -> None:
        self._results = as_results(results)
        # By what the browser calls them, which is not always their key.
        self._assets: dict[str, ResultAsset] = {}
        self._names: dict[str, str] = {}
        job = self._results.job
        self._folder = Path(target) if target is not None else _folder_of(job.job_id)
        self._transfers = Downloads(self._show_downloads)
        self._computer = ToComputer(
            self._some, self._transfers.path, self._results.stac_beside, folder_name(job.job_id)
        )
        self._shapes = ShapeLayer(self, lambda: self._mapped)
        self._previews = Previews(self, self._shapes)
        self._raster = RasterLayer(
            self,
            lambda key: dates_of(self._asset(key), self._assets, self._loading.places),
            lambda: self._mapped.layers,
        )
        self._loading = ResultsLoading(
            self,
            self._results,
            self._listed,
            lambda assets: self._transfers.find(assets, self._folder),
            mapped=lambda: self._mapped,
            shown=lambda: self._assets,
            called=self._called,
        )
        super().__init__(
            job_id=job.job_id,
            backend=host_of(job.connection.root_url),
            target=shown_path(self._folder),
        )
        self._mapped = ResultsMap(self, map, basemap, self._shapes.clicked)
        self.publish(map=self._mapped.chart)
        self.refresh()

    @property
    def results(self) -> JobResults:
        """The results."""
        return self._results

    @property
    def places(self) -> tuple[Place, ...]:
        """Where each Item and each file lies, simplified for a map."""
        return self._loading.places

    def refresh(self, *, partial: bool = False) -> None:
        """Ask for the results again. Returns at once.

        Args:
            partial: Whether to take, from now on, what is there of a job that has not finished.
        """
        self._loading.begin(partial=partial)

    def stop_reading(self) -> None:
        """Read no more of what the results link to. What is shown stays."""
        self._loading.stop_reading()

    def download(self, key: str, *, overwrite: bool = False) -> None:
        """Download an asset to `target`. Returns at once; its row tells how it goes.

        Args:
            key: The asset.
            overwrite: Whether to replace another file that has its name.

        Raises:
            NoSuchAssetError: There is no asset of that key.
        """
        self._transfers.begin([self._asset(key)], self._folder, overwrite=overwrite)

    def download_all(self) -> None:
        """Download all assets to `target`, and write STAC beside them. Returns at once."""
        assets = list(self._assets.values())
        self.publish(stac_note="")
        then = partial(self._write_metadata, asked={asset.key for asset in assets})
        self._transfers.begin(assets, self._folder, then=then)

    def _write_metadata(self, paths: Mapping[str, Path], asked: set[str]) -> None:
        """Write STAC, where that can be: the files are here anyhow. Called in a worker thread."""
        if not paths:
            return
        try:
            self._results.keep_metadata_of_others(self._folder)
            self._results.write_metadata(self._folder, paths, asked)
        except (OpenEOWidgetsError, OSError) as error:
            # Not the error's hint: that is for those who write Python.
            kept = " It was kept." if isinstance(error, TargetExistsError) else ""
            why = f"{error_info(error)['message']}{kept}"
            self.publish(stac_note=f"No STAC metadata were written beside the files. {why}")

    def download_some(self, keys: Sequence[str], *, overwrite: bool = False) -> None:
        """Download some assets to `target`. Returns at once.

        Raises:
            NoSuchAssetError: There is no asset of such a key; then nothing is downloaded.
        """
        self._transfers.begin(self._some(keys), self._folder, overwrite=overwrite)

    def pause_download(self, key: str) -> None:
        """Pause a download; nothing if there is none."""
        self._transfers.pause(self._key(key))

    def resume_download(self, key: str) -> None:
        """Let a paused download go on; nothing if there is none."""
        self._transfers.resume(self._key(key))

    def cancel_download(self, key: str) -> None:
        """Cancel a download; nothing if there is none. What came is kept where that is worth it."""
        self._transfers.cancel(self._key(key))

    def pause_downloads(self) -> None:
        """Pause all downloads that are under way."""
        self._transfers.pause(*self._transfers.moving)

    def resume_downloads(self) -> None:
        """Let all paused downloads go on."""
        self._transfers.resume(*self._transfers.moving)

    def cancel_downloads(self) -> None:
        """Cancel all downloads that are under way."""
        self._transfers.cancel_all()

    def open_preview(self, key: str, *, whole: bool = False) -> None:
        """Open the preview of an asset. Returns at once.

        Args:
            key: The asset.
            whole: Whether all of it may be read; else 5 MB at most.

        Raises:
            NoSuchAssetError: There is no asset of that key.
        """
        asset = self._asset(key)
        shown = self._called(asset.key)
        self._previews.open(asset, shown, whole=whole, selected=shown)

    def close_preview(self) -> None:
        """Close the preview."""
        self._previews.close()

    def show_raster(self, key: str, *, beside: str | None = None) -> None:
        """Show a GeoTIFF or a NetCDF on the map, with a slider of its dates. Returns at once.

        Args:
            key: The asset.
            beside: Another one, or the same, to be seen right of a divider; None for none.

        Raises:
            NoSuchAssetError: There is no asset of such a key.
            RasterError: There is no map.
        """
        self._raster.show_beside(key, beside)

    def hide_raster(self) -> None:
        """Take the raster off the map, and the one beside it."""
        self._raster.hide()

    def select(self, key: str) -> None:
        """Select an asset; "" for none."""
        self.publish(selected=self._called(key))

    @traitlets.observe("selected")
    def _emphasise(self, change: Any) -> None:
        self._mapped.select(change["new"])

    def _release(self) -> None:
        """Cancel the downloads that are under way, and take the map along."""
        self._loading.close()
        self._previews.close()
        self._transfers.close()
        self._computer.close()
        self._raster.close()
        self._mapped.close()

    def _show_downloads(self) -> None:
        with self._publishing:
            called = {self._called(key): row for key, row in self._transfers.rows.items()}
            self.publish(downloads={key: {**row, "key": key} for key, row in called.items()})

    def _asset(self, key: str) -> ResultAsset:
        """The asset of a key, the back-end's or the browser's."""
        found = self._assets.get(self._called(key))
        if found is None:
            raise NoSuchAssetError(f"Batch job {self.job_id!r} has no result asset {key!r}.")
        return found

    def _some(self, keys: Sequence[str] | None) -> list[ResultAsset]:
        """The assets of these keys; all of them for None."""
        return list(self._assets.values()) if keys is None else [self._asset(key) for key in keys]

    def _key(self, key: str) -> str:
        """The back-end's key of an asset, whichever of its two it is called by."""
        found = self._assets.get(self._called(key))
        return key if found is None else found.key

    def _opening_line(self, key: str) -> Revealed:
        """A line of Python that opens a file that was downloaded."""
        asset = self._asset(key)
        path = self._transfers.path(asset.key)
        if path is None:
            raise DownloadError(f"{asset.filename!r} has not been downloaded.")
        # As it is: what looks like a secret in a path may just be somebody's folder.
        line = opening_line(shown_path(path).removeprefix("./"), asset.media_type)
        return Revealed({"text": line})

    def _called(self, key: str) -> str:
        """What the browser calls the asset of a key."""
        return self._names.get(key, key)

    def _listed(self, assets: Sequence[ResultAsset]) -> dict[str, Any]:
        """Take in the files. Returns the trait that shows them."""
        by_key = {asset.key: asset for asset in assets}
        called = identifiers(by_key)
        self._assets = {shown: by_key[key] for shown, key in called.items()}
        self._names = {key: shown for shown, key in called.items()}
        return {"assets": [asset_row(asset, shown) for shown, asset in self._assets.items()]}

    def _static_card(self) -> StaticCard:
        return results_card({name: getattr(self, name) for name in _SHOWN}, self._loading.as_of_ms)


def _folder_of(job_id: str) -> Path:
    return Path("results") / folder_name(job_id)
