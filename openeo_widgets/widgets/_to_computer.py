"""Files to a person's own computer: by a link that their browser opens, or through the kernel."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._public_link import public_link
from openeo_widgets.api._stac_files import TOP_FILE
from openeo_widgets.errors import DownloadError, OpenEOWidgetsError
from openeo_widgets.redact import redacted
from openeo_widgets.widgets._base import Revealed
from openeo_widgets.widgets._passing import MOST_BYTES, Passing, too_large
from openeo_widgets.widgets._zip import Member, zip_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from openeo_widgets.api import ResultAsset
    from openeo_widgets.widgets._base import Bytes

__all__ = ["ToComputer"]

_CHUNK = 1 << 20

# A browser shows these where it should save them, unless they come as a Blob.
_SHOWN = ("text/", "image/png", "image/jpeg", "image/gif", "image/webp", "image/svg")
_SHOWN_TOO = ("json", "xml", "pdf")


class ToComputer:
    """The files that one widget's views fetch. Nothing of it is state: it ends with the view.

    Args:
        find: The assets of keys, the browser's; all of them for None.
        local: Where an asset is on the Jupyter server already, by its own key; or None.
        stac: Makes the documents that go beside the files in an archive, from the name of each
            asset's file there; see `JobResults.stac_beside`.
        name: Name of an archive, without extension.
    """

    def __init__(
        self,
        find: Callable[[Sequence[str] | None], list[ResultAsset]],
        local: Callable[[str], Path | None],
        stac: Callable[[Callable[[ResultAsset], str | None]], dict[str, bytes]],
        name: str,
    ) -> None:
        self._find = find
        self._stac = stac
        self._local = local
        self._name = name
        self._passing: dict[str, Passing] = {}

    def begin(self, key: str, *, kernel: bool = False) -> dict[str, Any] | Revealed:
        """Begin to bring a file to the browser; see ``ToComputer`` in js/src/protocol-answers.ts.

        Args:
            key: Which file, as the browser calls it.
            kernel: Whether the browser could not use the link.

        Raises:
            NoSuchAssetError: There is no asset of that key.
            DownloadError: It is too large for the kernel, and there is no link for a browser.
        """
        (asset,) = self._find([key])
        path = self._local(asset.key)
        size = asset.size if path is None else _size(path)
        fits = size is None or size <= MOST_BYTES
        if not kernel and not (fits and _is_shown(asset)):
            url = public_link(asset)
            if url is not None:
                return Revealed({"url": url, "name": asset.filename, "fits": fits})
        if not fits:
            raise too_large(size)
        return self._begun(Passing(_bytes_of(asset, path)), asset.filename, size)

    def begin_zip(self, keys: Sequence[str] | None = None) -> dict[str, Any]:
        """Begin to bring files to the browser as one zip archive; all of them for None.

        Raises:
            NoSuchAssetError: There is no asset of such a key.
            DownloadError: They are too large for the kernel.
        """
        assets = [(asset, self._local(asset.key)) for asset in self._find(keys)]
        sizes = [asset.size if path is None else _size(path) for asset, path in assets]
        known = sum(size for size in sizes if size is not None)
        if known > MOST_BYTES:
            raise too_large(known)
        failed: dict[str, str] = {}
        members = self._members(list(zip(assets, sizes, strict=True)), failed)
        total = None if None in sizes else known
        return self._begun(Passing(zip_of(members, failed), failed), f"{self._name}.zip", total)

    def _members(
        self,
        assets: Sequence[tuple[tuple[ResultAsset, Path | None], int | None]],
        failed: dict[str, str],
    ) -> Iterator[Member]:
        """The files, and after them, when it is known which of them could be read, their STAC."""
        names = {}
        for (asset, path), size in assets:
            yield Member(asset.filename, size, partial(_bytes_of, asset, path))
            if asset.filename not in failed:
                names[asset.key] = asset.filename
        try:
            documents = self._stac(lambda asset: names.get(asset.key)) if names else {}
        except OpenEOWidgetsError as error:
            failed[TOP_FILE] = redacted(error.message)
            return
        for name, content in documents.items():
            yield Member(name, len(content), partial(iter, (content,)))

    def piece(self, passing: str) -> Bytes:
        """The next piece.

        Raises:
            DownloadError: It is over.
        """
        found = self._passing.get(passing)
        if found is None:
            raise DownloadError("This download to the browser is over.", hint="Begin it again.")
        piece = found.take()
        if found.is_over:
            self._passing.pop(passing, None)
        return piece

    def end(self, passing: str) -> None:
        """Give one up; nothing if there is none."""
        found = self._passing.pop(passing, None)
        if found is not None:
            found.end()

    def close(self) -> None:
        """Give up all of them."""
        for passing in list(self._passing):
            self.end(passing)

    def _begun(self, passing: Passing, name: str, size: int | None) -> dict[str, Any]:
        for old, other in list(self._passing.items()):
            if other.is_over:  # its browser is gone
                self.end(old)
        made = uuid.uuid4().hex
        self._passing[made] = passing
        passing.start()
        return {"passing": made, "name": name, "size": size}


def _is_shown(asset: ResultAsset) -> bool:
    media_type = (asset.media_type or "").split(";")[0].strip().lower()
    return media_type.startswith(_SHOWN) or media_type.endswith(_SHOWN_TOO)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _bytes_of(asset: ResultAsset, path: Path | None) -> Iterator[bytes]:
    """The bytes of a file: of the one on the Jupyter server where it is still there."""
    try:
        file = path.open("rb") if path is not None else None
    except OSError:
        file = None
    if file is None:
        yield from asset.chunks()
        return
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
