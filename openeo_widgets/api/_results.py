"""Results of a batch job: their metadata, their assets, and how to bring them here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openeo_widgets import transfer
from openeo_widgets.api import _display
from openeo_widgets.api._asset import ResultAsset, named
from openeo_widgets.api._http import call_json
from openeo_widgets.api._stac import assets_of
from openeo_widgets.errors import (
    MultipleAssetsError,
    NoSuchAssetError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openeo_widgets.api._job import BatchJob

__all__ = ["JobResults"]

_METADATA_FILE = "job-results.json"

# As browsers do: more gains little, and back-ends take offence.
_MOST_PARALLEL = 6


class JobResults:
    """The results of a batch job: STAC metadata and assets.

    Args:
        job: The job. Nothing is asked before it is needed.
    """

    def __init__(self, job: BatchJob) -> None:
        self._job = job
        self._metadata: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for job {self._job.job_id!r}>"

    def _ipython_display_(self) -> None:
        _display.show(self)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return _display.bundle(self, **options)

    @property
    def job(self) -> BatchJob:
        """The job that these are the results of."""
        return self._job

    def get_job_id(self) -> str:
        """Id of the job."""
        return self._job.job_id

    def get_metadata(self, force: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - the official client's signature
        """The results' metadata: a STAC Item or Collection (``GET /jobs/{job_id}/results``).

        Args:
            force: Ask again, also if it is known. The links in it expire.

        Raises:
            BackendError: The job has not finished (``JobNotFinished``), or failed: then the
                message is that of its last error.
        """
        if self._metadata is None or force:
            self._metadata = call_json(self._job.connection, self._job.get_results_metadata_url())
        return self._metadata

    def get_assets(self) -> list[ResultAsset]:
        """All assets, in the order of the metadata."""
        base = self._job.get_results_metadata_url(full=True)
        assets = assets_of(self.get_metadata(), base)
        said = (named(key, asset) for key, asset in assets.items())
        names = transfer.file_names(said, taken=[_METADATA_FILE])
        return [
            ResultAsset(self._job, key, asset["href"], asset, names[key])
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
        assets = self.get_assets()
        wanted = name if key is None else key
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
        self, target: str | Path | None = None, key: str | None = None, *, name: str | None = None
    ) -> Path:
        """Download one asset.

        Args:
            target: File to write, or a folder that exists; the current folder by default.
            key: Key of the asset. Not needed when there is just one.
            name: The key, by its older name.

        Returns:
            The path of the file.

        Raises:
            MultipleAssetsError: No key was given, and there are several assets.
            NoSuchAssetError: There is no asset of that key, or none at all.
            DownloadError: It could not be brought here whole.
        """
        return self.get_asset(key, name=name).download(target)

    def download_files(
        self,
        target: str | Path | None = None,
        include_stac_metadata: bool = True,  # noqa: FBT001, FBT002 - the official client's signature
        *,
        include: Iterable[str] | None = None,
        max_parallel: int = _MOST_PARALLEL,
        progress: transfer.Progress | None = None,
    ) -> list[Path]:
        """Download all assets into a folder, several at a time.

        Args:
            target: The folder, made if needed; the current folder by default.
            include_stac_metadata: Whether to write the metadata beside them, as
                ``job-results.json``, with the names of the files in place of the links.
            include: Keys of the assets to download; None for all of them.
            max_parallel: How many files at a time, at most.
            progress: Called with the bytes done of all files together and the bytes in all (or
                None), one call at a time, in the threads that download.

        Returns:
            The paths, in the order of the metadata, that of the metadata last.

        Raises:
            NotADirectoryError: `target` is a file.
            NoSuchAssetError: There is no asset of a key that is to be included.
            DownloadError: Files could not be brought here whole; the others are there.
        """
        paths = list(
            self.download_assets(
                target, include=include, max_parallel=max_parallel, progress=progress
            ).values()
        )
        if include_stac_metadata:
            paths.append(self._write_metadata(Path(target or Path.cwd())))
        return paths

    def download_assets(
        self,
        target: str | Path | None = None,
        *,
        include: Iterable[str] | None = None,
        max_parallel: int = _MOST_PARALLEL,
        progress: transfer.Progress | None = None,
    ) -> dict[str, Path]:
        """Download assets into a folder: as `download_files`, without the metadata.

        Returns:
            Path of each file by the key of its asset.
        """
        folder = Path(target or Path.cwd())
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(f"{str(folder)!r} is a file; download_files needs a folder.")
        folder.mkdir(parents=True, exist_ok=True)
        assets = self._included(include)
        paths = {asset.key: folder / asset.filename for asset in assets}
        sizes = [asset.size for asset in assets]
        transfer.fetch_all(
            {asset.key: _fetch(asset, paths[asset.key]) for asset in assets},
            most=max_parallel,
            total=None if None in sizes else sum(size for size in sizes if size is not None),
            progress=progress,
        )
        return paths

    def _included(self, keys: Iterable[str] | None) -> list[ResultAsset]:
        assets = self.get_assets()
        if keys is None:
            return assets
        wanted = {keys} if isinstance(keys, str) else set(keys)
        unknown = sorted(wanted - {asset.key for asset in assets})
        if unknown:
            self.get_asset(unknown[0])  # raises, and says which there are
        return [asset for asset in assets if asset.key in wanted]

    def _write_metadata(self, folder: Path) -> Path:
        # Links of results are signed more often than not: none of them is kept.
        local = {
            asset.key: {**asset.metadata, "href": f"./{asset.filename}"}
            for asset in self.get_assets()
        }
        for metadata in local.values():
            metadata.pop("alternate", None)
        document = {**self.get_metadata(), "assets": local, "links": []}
        path = folder / _METADATA_FILE
        transfer.write_whole(path, json.dumps(document, indent=2, ensure_ascii=False).encode())
        return path


def _fetch(asset: ResultAsset, path: Path) -> transfer.Fetch:
    return lambda progress, canceled: asset.fetch_to(path, progress=progress, canceled=canceled)
