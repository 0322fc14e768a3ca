"""One file of a batch job's results: how to load it, and how to bring it here."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from openeo_widgets import transfer
from openeo_widgets.api._asset_answer import asked_for
from openeo_widgets.api._asset_loading import MOST_IN_MEMORY, AssetLoading
from openeo_widgets.api._links import Link, Links
from openeo_widgets.api._progress import Shown, shown
from openeo_widgets.errors import DownloadError, FileChangedError
from openeo_widgets.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import requests

    from openeo_widgets.api._job import BatchJob

__all__ = ["MOST_IN_MEMORY", "ResultAsset", "named"]


# No file has as many: who tells such a size tells nothing.
_TOO_MANY_BYTES = 1 << 62


class _Expected(TypedDict):
    size: int | None
    checksum: str | None


class ResultAsset(AssetLoading):
    """One file of a batch job's results.

    It may be used from several threads. Links that have expired are renewed, once for all assets
    of the results.

    Args:
        job: The job that it belongs to.
        key: Its key in the metadata.
        href: Its link, absolute. Often signed: treat it like a password.
        metadata: Its STAC asset object.
        filename: The name that it gets in a folder.
        links: What renews the links of the results that it is of; by default its own.

    Attributes:
        media_type: Media type, or None where the back-end does not tell.
    """

    def __init__(
        self,
        job: BatchJob,
        key: str,
        href: str,
        metadata: dict[str, Any],
        filename: str = "",
        *,
        links: Links | None = None,
    ) -> None:
        self.job = job
        self.key = key
        self.media_type = _text(metadata.get("type"))
        self.filename = filename or transfer.file_names([named(key, metadata)])[key]
        self._links = links or job.get_results().links
        self._link = Link(href, metadata, self._links.turn)

    def __repr__(self) -> str:
        return redacted(f"<{type(self).__name__} {self.key!r} (media type {self.media_type})>")

    @property
    def name(self) -> str:
        """The key, by its older name."""
        return self.key

    @property
    def href(self) -> str:
        """Its link as last told, absolute. Often signed: treat it like a password."""
        return self._link.href

    @property
    def metadata(self) -> dict[str, Any]:
        """Its STAC asset object as last told."""
        return self._link.metadata

    @property
    def size(self) -> int | None:
        """Size in bytes (``file:size``, STAC file extension), or None."""
        return _size(self._link)

    def download(
        self,
        target: str | Path | None = None,
        *,
        chunk_size: int | None = None,  # noqa: ARG002 - the official client's signature
        range_size: int | None = None,  # noqa: ARG002 - the official client's signature
        overwrite: bool = False,
        progress: Shown = None,
        canceled: Callable[[], bool] = bool,
        control: transfer.Control | None = None,
    ) -> Path:
        """Download the file. Under its final name it is complete, or does not exist.

        Args:
            target: File to write, or a folder that exists; the current folder by default.
            chunk_size: Has no effect: sizes are chosen by what the server does.
            range_size: Has no effect, likewise.
            overwrite: Whether to replace another file of that name. One that is the same already
                is recognised and left as it is.
            progress: Called with bytes done and bytes in all (or None); or True to show a bar,
                False to show nothing. By default a bar on a terminal where tqdm is installed.
            canceled: Asked between chunks; True ends the download.
            control: To cancel and pause it from any thread.

        Returns:
            The path of the file.

        Raises:
            TargetExistsError: Another file of that name is here, and `overwrite` was not said.
            DownloadError: It could not be brought here whole.
        """
        path = Path(target or Path.cwd())
        with shown(progress, self.filename) as told:
            how: dict[str, Any] = {**told._asdict(), "control": control, "canceled": canceled}
            if _is_folder(path):
                return self.bring_into(path, overwrite=overwrite, **how)
            self._bring(path, None, overwrite=overwrite, **how)
        return path

    def bring_into(
        self,
        folder: Path,
        *,
        overwrite: bool = False,
        progress: transfer.Progress | None = None,
        report: transfer.Report | None = None,
        control: transfer.Control | None = None,
        canceled: Callable[[], bool] = bool,
    ) -> Path:
        """Download into a folder, as `download` does, and show nothing.

        Where nothing told of an extension before, the answer may (`transfer.told_extension`); it
        is the same from run to run as far as the server says the same.

        Args:
            folder: The folder, made if needed.
            overwrite: Whether to replace another file of that name.
            progress: Called with bytes done and bytes in all (or None).
            report: Called with states (`transfer.FileState`).
            control: To cancel and pause it from any thread.
            canceled: Asked between chunks; True ends the download.

        Returns:
            The path of the file.

        Raises:
            TargetExistsError: Another file of that name is here, and `overwrite` was not said.
            DownloadError: It could not be brought here whole.
        """
        path, answer = folder / self.filename, None
        if self._is_open_ended:
            stop = transfer.Control(canceled, of=control)
            answer = transfer.first_answer(partial(self._open, {}), self.filename, stop, report)
            heads = (
                answer.headers.get(name, "") for name in ("Content-Disposition", "Content-Type")
            )
            path = path.with_name(path.name + transfer.told_extension(*heads))
        told = {"progress": progress, "report": report, "control": control, "canceled": canceled}
        self._bring(path, answer, overwrite=overwrite, **told)
        return path

    @property
    def _is_open_ended(self) -> bool:
        """Whether the extension of its name is for the answer to tell."""
        stated = self.metadata.get("file:local_path")
        return not transfer.has_extension(self.filename) and not stated

    def found_in(self, folder: Path) -> Path:
        """Where a download has put it in a folder, whole or in part; if none has, where it may go.

        Args:
            folder: The folder. It is read where only the answer tells the extension.
        """
        path = folder / self.filename
        return transfer.found_as(path) if self._is_open_ended else path

    def chunks(self) -> Iterator[bytes]:
        """Read the file from its beginning, as it comes, and hold none of it.

        Raises:
            DownloadError: It could not be read whole. What came before is of no use then.
        """
        with self._answer() as response:
            yield from transfer.chunks(response, self.key, **self._expected())

    def load_bytes(self, *, most: int = MOST_IN_MEMORY) -> bytes:
        """Load the file into memory.

        Args:
            most: Most bytes to load; 512 MiB by default.

        Raises:
            DownloadError: It is larger than that, or could not be loaded whole.
        """
        with self._answer() as response:
            content, more = transfer.read(response, self.key, most=most, **self._expected())
        if more:
            raise DownloadError(
                f"{self.key!r} is larger than {most} bytes, too many for memory.",
                hint="Use asset.download(...), read it in parts with asset.open(), "
                "or say most=... if there is room.",
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
        # A part is asked for: what a server sends of a whole file before it is told to stop may be
        # a lot.
        part = {"Range": f"bytes=0-{most - 1}"} if most else {}
        with self._answer(part) as response:
            found = transfer.read_head(response, self.key, most=most, **self._expected())
        if found is None:
            with self._answer() as response:
                found = transfer.read(response, self.key, most=most, **self._expected())
        return found

    def _current_href(self) -> str:
        return self._take(self._links.current(self.key, self._link), None).href

    def _expected(self) -> _Expected:
        """What the metadata tell that came with the link in use."""
        link = self._link
        return {"size": _size(link), "checksum": _text(link.metadata.get("file:checksum"))}

    def open(self, *, most: int | None = None) -> transfer.RemoteFile:
        """Open the file where it is, for reading in parts: nothing is downloaded as a whole.

        What it returns is a binary file like any other, read-only: give it to
        ``xarray.open_dataset(..., engine="h5netcdf")``, ``pandas.read_csv(...)``,
        ``zipfile.ZipFile(...)``, and close it afterwards. rasterio reads all of any file object
        that it is given, and only what it needs with an `opener`.

        Args:
            most: Bytes to fetch in all, for a look at it; None for as many as are read.

        Raises:
            DownloadError: It cannot be read, or its server gives no parts of it and it is larger
                than 64 MiB. Reading raises it too.
            FileChangedError: While it was read, another file has taken its place.
        """
        link = self._link
        ask = partial(self._open, version=link.version)
        return transfer.RemoteFile(ask, self.key, size=_size(link), most=most)

    def opener(self, path: str, mode: str = "rb") -> transfer.RemoteFile:
        """Open the file for rasterio: ``rasterio.open(asset.filename, opener=asset.opener)``.

        Args:
            path: What is to be opened; there are no files but this one.
            mode: Has to be one for reading.

        Raises:
            FileNotFoundError: It is another file, such as one that might lie beside this one.
            DownloadError: As `open`.
        """
        if path.rpartition("/")[2] != self.filename or "r" not in mode or "+" in mode:
            raise FileNotFoundError(f"There is no such file to read beside {self.filename!r}.")
        return self.open()

    def _bring(self, path: Path, answer: requests.Response | None, **how: Any) -> None:
        """Download to a path; anew, once, if another file takes the place of this one meanwhile."""
        ready = [answer] if answer is not None else []
        try:
            self._bring_once(path, ready, **how)
        except FileChangedError:
            self._bring_once(path, [], **how)
        finally:
            for left in ready:
                left.close()

    def _bring_once(self, path: Path, ready: list[requests.Response], **how: Any) -> None:
        link = self._link

        def ask(headers: Mapping[str, str]) -> requests.Response:
            if ready and "Range" not in headers:
                return ready.pop()
            return self._open(headers, version=link.version)

        checksum = _text(link.metadata.get("file:checksum"))
        transfer.download(ask, path, size=_size(link), checksum=checksum, **how)

    def _answer(self, headers: Mapping[str, str] | None = None) -> requests.Response:
        """The answer that brings the whole file, unless headers ask for a part."""
        return transfer.good_answer(partial(self._open, headers or {}), self.key)

    def _open(
        self, headers: Mapping[str, str], *, version: tuple[Any, Any] | None = None
    ) -> requests.Response:
        """Ask for the file, with a fresh link where the one at hand is no longer good.

        Args:
            headers: Headers to send besides.
            version: Size and checksum of the file that is wanted; None for whichever is there.

        Raises:
            FileChangedError: Fresh metadata tell of another file.
            DownloadError: A fresh link was refused too, or nothing here reads such links.
        """
        link = self._take(self._links.current(self.key, self._link), version)
        response = asked_for(self.job, self.key, link.href, headers)
        if response.status_code not in transfer.BAD_LINK:
            self._links.worked()
            return response
        fresh = self._links.renewed(self.key, link)
        if fresh is None:
            return response
        response.close()
        response = asked_for(self.job, self.key, self._take(fresh, version).href, headers)
        if response.status_code not in transfer.BAD_LINK:
            self._links.worked()
            return response
        response.close()
        self._links.refused()
        raise DownloadError(
            f"The server answered {response.status_code} instead of {self.key!r}, "
            "also by a fresh link.",
            http_status=response.status_code,
            hint="The file may be gone: compute the results again, or tell the back-end.",
        )

    def _take(self, link: Link, version: tuple[Any, Any] | None) -> Link:
        self._link = link
        if version is not None and link.version != version:
            raise FileChangedError(
                f"{self.key!r} was replaced at the back-end while it was read.",
                hint="Get the asset again, then download or open it.",
            )
        return link


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # its name is too long, for example: the download tells
        return False


def _size(link: Link) -> int | None:
    size = link.metadata.get("file:size")
    is_one = isinstance(size, int) and not isinstance(size, bool) and 0 <= size < _TOO_MANY_BYTES
    return size if is_one else None


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
