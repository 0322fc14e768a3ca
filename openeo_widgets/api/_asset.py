"""One file of a batch job's results: how to load it, and how to bring it here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openeo_widgets import transfer
from openeo_widgets.api._http import patience
from openeo_widgets.api._journal import noted
from openeo_widgets.api._urls import job_path
from openeo_widgets.errors import BackendError, DownloadError, NoAnswerError, NotJSONError
from openeo_widgets.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests

    from openeo_widgets.api._job import BatchJob

__all__ = ["ResultAsset", "named"]

# Answers that a signed link gives when it is no longer good; the API says 410, stores say 403.
_EXPIRED = frozenset({401, 403, 404, 410})

# More than this is for disk, not for memory.
_MOST_IN_MEMORY = 512 * 1024 * 1024


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
        self.filename = filename or transfer.file_names([named(key, metadata)])[key]

    def __repr__(self) -> str:
        return redacted(f"<{type(self).__name__} {self.key!r} (media type {self.media_type})>")

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
        return transfer.download(
            self._open,
            path,
            size=self.size,
            checksum=_text(self.metadata.get("file:checksum")),
            progress=progress,
            canceled=canceled,
        )

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
        try:
            response = self._open({})
        except transfer.BROKEN as error:
            raise transfer.broken(self.key, error) from None  # the cause holds the link
        with response:
            return transfer.read(response, self.key, most=most)

    def load_json(self) -> Any:
        """Load a JSON file.

        Raises:
            NotJSONError: The file is not JSON, or is nested too deep.
            DownloadError: It could not be loaded whole.
        """
        content = self.load_bytes()
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            kind = self.media_type or "no media type"
            how = "too deeply nested" if isinstance(error, RecursionError) else "not JSON"
            raise NotJSONError(
                f"Asset {self.key!r} ({kind}) is {how}.",
                hint="Take it as it is: asset.load_bytes(), or asset.download(...).",
            ) from None  # the cause holds the whole file

    def _open(self, headers: Mapping[str, str]) -> requests.Response:
        """Ask for the file, with a fresh link where the one at hand is no longer good."""
        response = self._get(headers)
        if response.status_code in _EXPIRED and self._renew():
            response.close()
            response = self._get(headers)
        return response

    def _get(self, headers: Mapping[str, str]) -> requests.Response:
        scheme = urlsplit(self.href).scheme
        if scheme not in {"http", "https"}:
            raise DownloadError(
                f"{self.key!r} lies behind a {scheme!r} link, which this package does not read.",
                hint="Read it with a library for that store.",
            )
        # Identity: with compression on the way, length and progress would be those of other bytes.
        connection = self.job.connection
        listed = f"{job_path(self.job.job_id)}/results"
        try:
            with noted(connection, "get", self.href, part_of=listed, asset=self.key) as note:
                response = connection.get(
                    self.href,
                    check_error=False,
                    stream=True,
                    headers={"Accept-Encoding": "identity", **headers},
                    **patience(connection),
                )
                note.status = response.status_code
                return response
        except ValueError:
            raise DownloadError(
                f"{self.key!r} lies behind a link that is no address, or leads to such a one.",
                hint="Tell the back-end.",
            ) from None  # the cause holds parts of the link

    def _renew(self) -> bool:
        """Ask for the results again, for a fresh link; whether it is worth another attempt.

        It is also with the same link: asking may have renewed the token that it needs.
        """
        try:
            assets = self.job.get_results().get_assets()
        except (BackendError, NoAnswerError):
            return False
        fresh = next((asset for asset in assets if asset.key == self.key), None)
        if fresh is None:
            return False
        self.href, self.metadata = fresh.href, fresh.metadata
        return True


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def named(key: str, asset: dict[str, Any]) -> transfer.Named:
    """What the metadata say of an asset's name."""
    return transfer.Named(
        key,
        href=str(asset.get("href", "")),
        media_type=_text(asset.get("type")) or "",
        local_path=_text(asset.get("file:local_path")) or "",
    )
