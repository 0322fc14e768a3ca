"""`ResultsWidget`: what came out of a batch job, on a map and as files."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization

from openeo_widgets.api._expiry import expires_at
from openeo_widgets.api._http import host_of
from openeo_widgets.api._stac import footprint, interval, is_partial
from openeo_widgets.errors import BackendError, DownloadError, NoSuchAssetError, OpenEOWidgetsError
from openeo_widgets.preview import BUDGET_BYTES, preview_json
from openeo_widgets.transfer import Workers, folder_name
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._base import LiveWidget, Revealed, error_info, front_end, milliseconds
from openeo_widgets.widgets._downloads import Downloads, shown_path
from openeo_widgets.widgets._map import ResultsMap
from openeo_widgets.widgets._opening_line import opening_line
from openeo_widgets.widgets._results_rows import asset_row, preview_of, stac_type, title_of
from openeo_widgets.widgets._static import results_card
from openeo_widgets.widgets._things import as_results
from openeo_widgets.widgets._to_computer import ToComputer
from openeo_widgets.widgets._traits import clip, identifiers, json_value, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openeo_widgets.api import JobResults, ResultAsset
    from openeo_widgets.api._stac import Footprint
    from openeo_widgets.watch import JobState, Subscription
    from openeo_widgets.widgets._static import StaticCard

__all__ = ["ResultsWidget"]

# Metadata and previews of slow links must not hold up the states of jobs.
_workers = Workers("openeo-widgets-results", 4)

# What the static card is made of.
_SHOWN = (
    *("job_id", "title", "backend", "state", "error"),
    *("assets", "partial", "interval", "bbox"),
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
    #: West, south, east, north in degrees, or None.
    bbox = json_value(lambda: None)
    #: Why there is no footprint, or where it was taken from; or "".
    footprint_note = text()
    #: Folder on the Jupyter server that downloads go to, as it is shown.
    target = text()
    #: Downloads by key; see ``Download`` in js/src/protocol.ts.
    downloads = json_value(dict)
    #: The open preview, or None; see ``Preview`` in js/src/protocol.ts.
    preview = json_value(lambda: None)
    #: Key of the selected asset, or "".
    selected = text()
    #: West, south, east, north of what the map is to show, or None where its user moves it.
    view_box = json_value(lambda: None)
    #: Layers on the map, the topmost first; see ``LayerRow`` in js/src/protocol.ts.
    layers = json_value(list)
    #: The ipyleaflet map: yours to add to. Set once.
    map = traitlets.Any(None, allow_none=True).tag(sync=True, **widget_serialization)

    commands = {  # noqa: RUF012 - read only
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
        "select": "select",
        "hover": "_mapped.light",
        "set_layer": "_mapped.layers.set",
        "refresh": "refresh",
    }

    asking = frozenset({"to_computer"})

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
        self._loading = threading.Lock()
        self._awaited: Subscription | None = None
        self._as_of_ms: float | None = None
        super().__init__(
            job_id=job.job_id,
            backend=host_of(job.connection.root_url),
            target=shown_path(self._folder),
        )
        self._mapped = ResultsMap(self, map, basemap)
        self.publish(map=self._mapped.chart)
        self.refresh()

    @property
    def results(self) -> JobResults:
        """The results."""
        return self._results

    def refresh(self) -> None:
        """Ask for the results again. Returns at once."""
        _workers.submit(self._load)

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
        then = partial(self._write_metadata, asked={asset.key for asset in assets})
        self._transfers.begin(assets, self._folder, then=then)

    def _write_metadata(self, paths: Mapping[str, Path], asked: set[str]) -> None:
        """Write STAC, where that can be: the files are here anyhow. Called in a worker thread."""
        with suppress(OpenEOWidgetsError, OSError):
            if paths:
                self._results.keep_metadata_of_others(self._folder)
                self._results.write_metadata(self._folder, paths, asked)

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

    def open_preview(self, key: str) -> None:
        """Open the preview of an asset. Returns at once.

        Raises:
            NoSuchAssetError: There is no asset of that key.
        """
        asset = self._asset(key)
        shown = self._called(asset.key)
        self.publish(preview=preview_of(asset, shown, state="loading"), selected=shown)
        _workers.submit(lambda: self._load_preview(asset, shown))

    def close_preview(self) -> None:
        """Close the preview."""
        self.publish(preview=None)

    def select(self, key: str) -> None:
        """Select an asset; "" for none."""
        self.publish(selected=self._called(key))

    @traitlets.observe("selected")
    def _emphasise(self, change: Any) -> None:
        self._mapped.select(change["new"])

    def _release(self) -> None:
        """Cancel the downloads that are under way, and take the map along."""
        self._stop_waiting()
        self._transfers.close()
        self._computer.close()
        self._mapped.close()

    def _stop_waiting(self) -> None:
        if self._awaited is not None:
            self._awaited.close()
            self._awaited = None

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

    def _load(self) -> None:
        """Fetch and show the metadata. Called in a worker thread."""
        with self._loading:
            try:
                document = self._results.get_metadata(force=True)
                assets = self._results.get_assets()
                found = footprint(document, self._process_graph(document))
                self._draw(document, assets, found)
                self._transfers.find(assets, self._folder)
            except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
                self._show_failure(error)
                return
            self._mapped.place(self._results, found, self._called)

    def _show_failure(self, error: Exception) -> None:
        """Show why there is nothing to show; of a job that has not finished wait for its end."""
        waiting = isinstance(error, BackendError) and error.code == "JobNotFinished"
        self.publish(state="waiting" if waiting else "error", error=error_info(error))
        with self.kept_open() as is_open:
            if waiting and is_open and self._awaited is None:
                self._awaited = watcher().watch(self._results.job, self._on_state)

    def _on_state(self, state: JobState) -> None:
        """Ask for the results when the job has ended. Called in a worker thread."""
        if state.ended and state.status != "created":
            self.refresh()

    def _draw(
        self, document: Mapping[str, Any], assets: Sequence[ResultAsset], found: Footprint
    ) -> None:
        """Show the metadata, unless the widget, and its map, were closed meanwhile."""
        expires = expires_at(document)
        with self.kept_open() as is_open:
            if not is_open:
                return
            self._stop_waiting()
            self._as_of_ms = milliseconds(time.time())
            by_key = {asset.key: asset for asset in assets}
            called = identifiers(by_key)
            self._assets = {shown: by_key[key] for shown, key in called.items()}
            self._names = {key: shown for shown, key in called.items()}
            view_box = self._mapped.draw(found, self._assets)
            self.publish(
                state="ready",
                error=None,
                title=title_of(document),
                stac_type=stac_type(document),
                assets=[asset_row(asset, shown) for shown, asset in self._assets.items()],
                interval=[clip(date) for date in interval(document)],
                expires_ms=milliseconds(expires.timestamp() if expires else None),
                partial=is_partial(document),
                bbox=list(found.bbox) if found.bbox else None,
                footprint_note=found.note,
                view_box=view_box,
            )

    def _process_graph(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """The job's process graph, asked for only when the results do not say where they lie."""
        if footprint(document).bbox is not None:
            return {}
        try:
            process = self._results.job.describe().get("process")
        except OpenEOWidgetsError:
            return {}
        graph = process.get("process_graph") if isinstance(process, dict) else None
        return graph if isinstance(graph, dict) else {}

    def _load_preview(self, asset: ResultAsset, shown: str) -> None:
        """Fetch and show a preview, if it is still wanted. Called in a worker thread."""
        try:
            content, truncated = asset.load_head(BUDGET_BYTES)
            found = preview_json(content, truncated=truncated)
            preview = preview_of(
                asset,
                shown,
                state="ready",
                text=found.text,
                complete=found.complete,
                note=found.note,
                series=[
                    {"name": line.name, "x": list(line.times), "y": list(line.values)}
                    for line in found.series
                ],
            )
        except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
            preview = preview_of(asset, shown, state="error", error=error_info(error))
        with self._publishing:  # it may be closed, or another one opened, at this moment
            if self.preview is not None and self.preview["key"] == shown:
                self.publish(preview=preview)

    def _static_card(self) -> StaticCard:
        return results_card({name: getattr(self, name) for name in _SHOWN}, self._as_of_ms)


def _folder_of(job_id: str) -> Path:
    return Path("results") / folder_name(job_id)
