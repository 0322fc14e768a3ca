"""Results of a batch job: their metadata, their assets, and how to bring them here."""

from __future__ import annotations

import json
import warnings
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openeo_widgets import transfer
from openeo_widgets.api import _display
from openeo_widgets.api._asset import ResultAsset, named
from openeo_widgets.api._links import Links
from openeo_widgets.api._progress import Shown, shown
from openeo_widgets.api._results_loading import ResultsLoading
from openeo_widgets.api._results_metadata import ResultsMetadata
from openeo_widgets.api._room import check_room
from openeo_widgets.api._stac_files import ITEMS_FOLDER, TOP_FILE, self_contained
from openeo_widgets.api._stac_items import all_assets
from openeo_widgets.api._urls import host_of
from openeo_widgets.errors import (
    DownloadError,
    MultipleAssetsError,
    NoSuchAssetError,
    TargetExistsError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from openeo_widgets.api._job import BatchJob

__all__ = ["JobResults"]

# Names that no asset gets: those of the documents beside the files.
_TAKEN = (TOP_FILE, ITEMS_FOLDER)


class JobResults(ResultsMetadata, ResultsLoading):
    """The results of a batch job: STAC metadata and assets.

    Args:
        job: The job. Nothing is asked before it is needed.
        partial: Whether to take what is there of a job that has not finished, or did not finish
            (``partial=true`` in the API). Without it such a job has no results.
    """

    def __init__(self, job: BatchJob, *, partial: bool = False) -> None:
        super().__init__(job, partial=partial)
        #: What renews the links of all assets, once for all.
        self.links = Links(self._asked_again)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for job {self._job.job_id!r}>"

    def _ipython_display_(self) -> None:
        _display.show(self)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return _display.bundle(self, **options)

    def get_assets(self, *, linked: bool = False) -> list[ResultAsset]:
        """All assets, in the order of the metadata.

        Args:
            linked: Whether to read the Items that the results link to as well, if they do, for
                assets that only those have; `download_files` does. They are read in any case
                where the results have no assets themselves.
        """
        own = {} if linked else self._own_assets()
        return self._made(own or self._all_assets())

    def _made(self, assets: dict[str, dict[str, Any]]) -> list[ResultAsset]:
        names = transfer.file_names(
            [named(key, asset) for key, asset in assets.items()], taken=_TAKEN
        )
        return [
            ResultAsset(self._job, key, asset["href"], asset, names[key], links=self.links)
            for key, asset in assets.items()
        ]

    def get_asset(self, key: str | None = None, *, name: str | None = None) -> ResultAsset:
        """One asset.

        Args:
            key: Its key. Not needed when there is just one asset.
            name: The key, by its older name.

        Raises:
            MultipleAssetsError: No key was given, and there are several assets.
            NoSuchAssetError: There is no asset of that key, or none at all.
        """
        wanted = name if key is None else key
        assets = self.get_assets()
        if wanted is not None and all(asset.key != wanted for asset in assets):
            assets = self.get_assets(linked=True)
        keys = ", ".join(repr(asset.key) for asset in assets[:20]) + (
            ", ..." if assets[20:] else ""
        )
        if not assets:
            raise NoSuchAssetError(f"Batch job {self._job.job_id!r} has no result assets.")
        if wanted is None:
            if len(assets) > 1:
                raise MultipleAssetsError(
                    f"Batch job {self._job.job_id!r} has {len(assets)} result assets.",
                    hint=f"Say which one with key=..., one of {keys}; "
                    "or take all with download_files(...).",
                )
            return assets[0]
        for asset in assets:
            if asset.key == wanted:
                return asset
        raise NoSuchAssetError(
            f"Batch job {self._job.job_id!r} has no result asset {wanted!r}.",
            hint=f"There are {keys}.",
        )

    def download_file(
        self,
        target: str | Path | None = None,
        key: str | None = None,
        *,
        chunk_size: int | None = None,  # noqa: ARG002 - the official client's signature
        range_size: int | None = None,  # noqa: ARG002 - the official client's signature
        name: str | None = None,
        overwrite: bool = False,
        progress: Shown = None,
        control: transfer.Control | None = None,
    ) -> Path:
        """Download one asset.

        Args:
            target: File to write, or a folder that exists; the current folder by default.
            key: Key of the asset. Not needed when there is just one.
            chunk_size: Has no effect, as in `ResultAsset.download`.
            range_size: Has no effect, likewise.
            name: The key, by its older name.
            overwrite: Whether to replace another file of that name. One that is the same already
                is recognised and left as it is.
            progress: As in `ResultAsset.download`.
            control: Likewise.

        Returns:
            The path of the file.

        Raises:
            MultipleAssetsError: No key was given, and there are several assets.
            NoSuchAssetError: There is no asset of that key, or none at all.
            TargetExistsError: Another file of that name is here, and `overwrite` was not said.
            DownloadError: It could not be brought here whole.
        """
        asset = self.get_asset(key, name=name)
        return asset.download(target, overwrite=overwrite, progress=progress, control=control)

    def download_files(
        self,
        target: str | Path | None = None,
        include_stac_metadata: bool = True,  # noqa: FBT001, FBT002 - the official client's signature
        chunk_size: int | None = None,  # noqa: ARG002 - the official client's signature
        *,
        include: Iterable[str] | None = None,
        max_parallel: int = transfer.MOST_PER_HOST,
        overwrite: bool = False,
        progress: Shown = None,
        control: transfer.Control | None = None,
    ) -> list[Path]:
        """Download all assets into a folder, several at a time.

        Args:
            target: The folder, made if needed; the current folder by default.
            include_stac_metadata: Whether to write the metadata beside them: STAC that needs
                nothing else, in ``job-results.json``, that of Items in the folder ``items``.
                Links lead to the files that are there; no signed link is kept.
            chunk_size: Has no effect, as in `ResultAsset.download`.
            include: Keys of the assets to download; None for all of them.
            max_parallel: How many files at a time, at most.
            overwrite: Whether to replace other files of those names; the same ones are left.
            progress: As in `ResultAsset.download`, of all, in turn; bars are of each file, too.
            control: To cancel and pause them all from any thread.

        Returns:
            The paths, in the order of the metadata, that of the metadata last.

        Raises:
            NotADirectoryError: `target` is a file.
            NoSuchAssetError: There is no asset of a key that is to be included.
            TargetExistsError: Another file of such a name is here, and `overwrite` was not said.
            DownloadError: Files could not be brought here whole; the others are there.
        """
        folder = transfer.made_folder(target or Path.cwd())
        if include_stac_metadata and not overwrite:
            self.keep_metadata_of_others(folder)
        assets, paths = self._included(include), dict[str, Path]()
        try:
            self._bring(assets, folder, paths, max_parallel, progress, control, overwrite=overwrite)
        except Exception:
            if include_stac_metadata and paths:
                with suppress(DownloadError):  # what failed first is what is to be told
                    self.write_metadata(folder, paths, {asset.key for asset in assets})
            raise
        found = [paths[asset.key] for asset in assets]
        if include_stac_metadata:
            found.append(self.write_metadata(folder, paths, paths))
        return found

    def download_assets(
        self,
        target: str | Path | None = None,
        *,
        include: Iterable[str] | None = None,
        max_parallel: int = transfer.MOST_PER_HOST,
        overwrite: bool = False,
        progress: Shown = None,
        control: transfer.Control | None = None,
    ) -> dict[str, Path]:
        """Download assets into a folder: as `download_files`, without the metadata.

        Returns:
            Path of each file by the key of its asset.
        """
        assets, paths = self._included(include), dict[str, Path]()
        folder = transfer.made_folder(target or Path.cwd())
        self._bring(assets, folder, paths, max_parallel, progress, control, overwrite=overwrite)
        return {asset.key: paths[asset.key] for asset in assets}

    def _bring(
        self,
        assets: Sequence[ResultAsset],
        folder: Path,
        paths: dict[str, Path],
        most: int,
        progress: Shown,
        control: transfer.Control | None,
        *,
        overwrite: bool,
    ) -> None:
        """Download assets into a folder; `paths` gets that of each one that is there."""

        def fetch(
            asset: ResultAsset, done: transfer.Progress, canceled: Callable[[], bool]
        ) -> None:
            how: dict[str, Any] = {"control": control, "canceled": canceled}
            how |= {"overwrite": overwrite, "progress": done, "report": told.report}
            paths[asset.key] = asset.bring_into(folder, **how)

        if len(assets) > 1:  # of one the download tells
            check_room(assets, folder)
        with shown(progress, f"{len(assets)} files", alone=False) as told:
            transfer.fetch_all(
                {asset.key: partial(fetch, asset) for asset in assets},
                most=most,
                sizes={asset.key: asset.size for asset in assets},
                hosts={asset.key: host_of(asset.href) for asset in assets},
                **told._asdict(),
                control=control,
            )

    def _included(self, keys: Iterable[str] | None) -> list[ResultAsset]:
        assets = self.get_assets(linked=True)
        for failure in self.linked().failures:
            warnings.warn(f"An Item of the results was left out: {failure}", stacklevel=3)
        if keys is None:
            return assets
        wanted = {keys} if isinstance(keys, str) else set(keys)
        unknown = sorted(wanted - {asset.key for asset in assets})
        if unknown:
            self.get_asset(unknown[0])  # raises, and says which there are
        return [asset for asset in assets if asset.key in wanted]

    def keep_metadata_of_others(self, folder: Path) -> None:
        """Refuse (`TargetExistsError`) a folder that holds the metadata of another job."""
        path = folder / TOP_FILE
        try:
            found = json.loads(path.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or found.get("id") != self.get_metadata().get("id"):
            raise TargetExistsError(
                f"{TOP_FILE!r} in {str(folder)!r} is not of job {self._job.job_id!r}.",
                hint="It was kept. Choose another folder, or say overwrite=True.",
            )

    def write_metadata(
        self, folder: Path, paths: Mapping[str, Path], asked: Collection[str]
    ) -> Path:
        """Write the metadata of what is there: now, or since an earlier download.

        Args:
            folder: Where the files are.
            paths: Path of each file that was brought there now, by the key of its asset.
            asked: Keys of the assets that were to be brought. One of them that was not is left
                out: what has its name, if anything, is another file.

        Returns:
            Path of the results' own document.
        """

        def file_of(asset: ResultAsset) -> str | None:
            if asset.key in paths:  # the answer may have told an extension
                return paths[asset.key].name
            path = asset.found_in(folder)
            return path.name if asset.key not in asked and path.is_file() else None

        for name, content in self.stac_beside(file_of).items():
            transfer.write_whole(folder / name, content)
        return folder / TOP_FILE

    def stac_beside(self, file_of: Callable[[ResultAsset], str | None]) -> dict[str, bytes]:
        """Make the documents that go beside the files: STAC that needs nothing else.

        Args:
            file_of: Name of the file of an asset, or None if it is not there: then it is left out.

        Returns:
            JSON by path in the folder, with ``/``; the results' own document is last.

        Raises:
            BackendError: The metadata are not known yet, and the back-end refused them.
        """
        document, linked = self.get_metadata(), self.linked()
        assets, same = all_assets(document, self._base_url, linked)
        names = {asset.key: file_of(asset) for asset in self._made(assets)}

        def name_of(place: str, key: str) -> str | None:
            return names.get(same.get((place, key), "") if place else key)

        made = self_contained(document, self._base_url, linked, name_of)
        return {
            name: json.dumps(content, indent=2, ensure_ascii=False).encode(errors="replace")
            for name, content in made.items()
        }
