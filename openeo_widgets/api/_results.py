"""Results of a batch job: their metadata, their assets, and how to bring them here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openeo_widgets import transfer
from openeo_widgets.api import _display
from openeo_widgets.api._http import call_json, patience
from openeo_widgets.api._stac import assets_of
from openeo_widgets.errors import (
    BackendError,
    DownloadError,
    MultipleAssetsError,
    NoAnswerError,
    NoSuchAssetError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    from openeo_widgets.api._job import BatchJob

__all__ = ["JobResults", "ResultAsset"]

# Answers that a signed link gives when it is no longer good; the API says 410, stores say 403.
_EXPIRED = frozenset({401, 403, 404, 410})

# More than this is for disk, not for memory.
_MOST_IN_MEMORY = 512 * 1024 * 1024

_METADATA_FILE = "job-results.json"


class ResultAsset:
    """One file of a batch job's results.

    Args:
        job: The job that it belongs to.
        key: Its key in the metadata.
        href: Its link, absolute. Often signed: treat it like a password.
        metadata: Its STAC asset object.
        filename: The name that it gets in a folder.

    Attributes:
        media_type: Media type, or None where the back-end does not tell.
    """

    def __init__(
        self, job: BatchJob, key: str, href: str, metadata: dict[str, Any], filename: str = ""
    ) -> None:
        self.job = job
        self.key = key
        self.href = href
        self.metadata = metadata
        self.media_type = _text(metadata.get("type"))
        self.filename = filename or transfer.file_names([_named(key, metadata)])[key]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.key!r} (media type {self.media_type})>"

    @property
    def name(self) -> str:
        """The key, by its older name."""
        return self.key

    @property
    def size(self) -> int | None:
        """Size in bytes (``file:size``, STAC file extension), or None."""
        size = self.metadata.get("file:size")
        return size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None

    def download(
        self,
        target: str | Path | None = None,
        *,
        progress: transfer.Progress | None = None,
        canceled: Callable[[], bool] = bool,
    ) -> Path:
        """Download the file. Under its final name it is complete, or does not exist.

        Args:
            target: File to write, or a folder that exists; the current folder by default.
            progress: Called with bytes done and bytes in all (or None).
            canceled: Asked between chunks; True ends the download.

        Returns:
            The path of the file.

        Raises:
            DownloadError: It could not be brought here whole.
        """
        path = Path(target or Path.cwd())
        if path.is_dir():
            path = path / self.filename
        self.fetch_to(path, progress=progress, canceled=canceled)
        return path

    def fetch_to(
        self,
        path: Path,
        *,
        progress: transfer.Progress | None = None,
        canceled: Callable[[], bool] = bool,
    ) -> bool:
        """Download to exactly this path.

        Returns:
            Whether a size or a checksum of the metadata was there to compare with, and agreed.

        Raises:
            DownloadError: It could not be brought here whole.
        """

        def attempt() -> bool:
            return transfer.download(
                self._open,
                path,
                size=self.size,
                checksum=_text(self.metadata.get("file:checksum")),
                progress=progress,
                canceled=canceled,
            )

        try:
            return attempt()
        except DownloadError as error:
            if error.http_status not in _EXPIRED or not self._renew():
                raise
        return attempt()

    def load_bytes(self) -> bytes:
        """Load the file into memory.

        Raises:
            DownloadError: It is larger than 512 MiB, or could not be loaded whole.
        """
        content, more = self.load_head(_MOST_IN_MEMORY)
        if more:
            raise DownloadError(
                f"{self.key!r} is larger than {_MOST_IN_MEMORY} bytes, too many for memory.",
                hint="Use asset.download(...).",
            )
        return content

    def load_head(self, most: int) -> tuple[bytes, bool]:
        """Load the beginning of the file into memory.

        Args:
            most: Most bytes to load.

        Returns:
            The bytes, and whether the file has more.

        Raises:
            DownloadError: It could not be loaded.
        """
        with self._opened() as response:
            if response.status_code not in _EXPIRED or not self._renew():
                return transfer.read(response, self.key, most=most)
        with self._opened() as response:
            return transfer.read(response, self.key, most=most)

    def load_json(self) -> Any:
        """Load a JSON file.

        Raises:
            ValueError: The file is not JSON.
            DownloadError: It could not be loaded whole.
        """
        try:
            return json.loads(self.load_bytes())
        except RecursionError:
            raise ValueError(f"{self.key!r} is JSON that is nested too deep to read.") from None

    def _open(self) -> requests.Response:
        scheme = urlsplit(self.href).scheme
        if scheme not in {"http", "https"}:
            raise DownloadError(
                f"{self.key!r} lies behind a {scheme!r} link, which this package does not read.",
                hint="Read it with a library for that store.",
            )
        # Identity: with compression on the way, length and progress would be those of other bytes.
        try:
            return self.job.connection.get(
                self.href,
                check_error=False,
                stream=True,
                headers={"Accept-Encoding": "identity"},
                **patience(self.job.connection),
            )
        except ValueError:
            raise DownloadError(
                f"{self.key!r} lies behind a link that is no address, or leads to such a one.",
                hint="Tell the back-end.",
            ) from None  # the cause holds parts of the link

    def _opened(self) -> requests.Response:
        try:
            return self._open()
        except transfer.BROKEN as error:
            raise transfer.broken(self.key, error) from None  # the cause holds the link

    def _renew(self) -> bool:
        """Ask for the results again, for a fresh link; whether it is worth another attempt.

        It is also with the same link: asking may have renewed the token that it needs.
        """
        try:
            fresh = {asset.key: asset for asset in JobResults(self.job).get_assets()}.get(self.key)
        except (BackendError, NoAnswerError):
            return False
        if fresh is None:
            return False
        self.href, self.metadata = fresh.href, fresh.metadata
        return True


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
        named = (_named(key, asset) for key, asset in assets.items())
        names = transfer.file_names(named, taken=[_METADATA_FILE])
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
    ) -> list[Path]:
        """Download all assets into a folder.

        Args:
            target: The folder, made if needed; the current folder by default.
            include_stac_metadata: Whether to write the metadata beside them, as
                ``job-results.json``, with the names of the files in place of the links.

        Returns:
            The paths, that of the metadata last.

        Raises:
            NotADirectoryError: `target` is a file.
            DownloadError: A file could not be brought here whole; those before it are there.
        """
        paths = list(self.download_assets(target).values())
        if include_stac_metadata:
            paths.append(self._write_metadata(Path(target or Path.cwd())))
        return paths

    def download_assets(self, target: str | Path | None = None) -> dict[str, Path]:
        """Download all assets into a folder.

        Args:
            target: The folder, made if needed; the current folder by default.

        Returns:
            Path of each file by the key of its asset.

        Raises:
            NotADirectoryError: `target` is a file.
            DownloadError: A file could not be brought here whole; those before it are there.
        """
        folder = Path(target or Path.cwd())
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(f"{str(folder)!r} is a file; download_files needs a folder.")
        folder.mkdir(parents=True, exist_ok=True)
        paths = {}
        for asset in self.get_assets():
            paths[asset.key] = folder / asset.filename
            asset.fetch_to(paths[asset.key])
        return paths

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


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _named(key: str, asset: dict[str, Any]) -> transfer.Named:
    return transfer.Named(
        key,
        href=str(asset.get("href", "")),
        media_type=_text(asset.get("type")) or "",
        local_path=_text(asset.get("file:local_path")) or "",
    )
