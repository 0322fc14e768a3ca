"""A Zarr store that is a folder on a server, for the library `zarr`, which this module needs."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from zarr.abc.store import (
    OffsetByteRequest,
    RangeByteRequest,
    Store,
    SuffixByteRequest,
)

from openeo_widgets.transfer import TooMuchError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from zarr.abc.store import ByteRequest
    from zarr.core.buffer import Buffer, BufferPrototype

__all__ = ["Folder"]


class Folder(Store):
    """A folder of which files are loaded when they are read, and nothing can be listed.

    Args:
        load: Loads a file by its path in the folder; None for one that is not there.
        name: What the folder is called in messages.
        most: Most bytes to load in all; None for no limit. More raises `TooMuchError`.
    """

    supports_writes = False
    supports_deletes = False
    supports_listing = False

    def __init__(
        self, load: Callable[[str], bytes | None], name: str, most: int | None = None
    ) -> None:
        super().__init__(read_only=True)
        self._load = load
        self._name = name
        self._most = most
        self._lock = threading.Lock()
        self._loaded = 0

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = Store.__hash__

    async def get(
        self, key: str, prototype: BufferPrototype, byte_range: ByteRequest | None = None
    ) -> Buffer | None:
        """Load a file, or a part of it."""
        content = await asyncio.to_thread(self._counted, key)
        return None if content is None else prototype.buffer.from_bytes(_part(content, byte_range))

    async def get_partial_values(
        self, prototype: BufferPrototype, key_ranges: Iterable[tuple[str, ByteRequest | None]]
    ) -> list[Buffer | None]:
        """Load parts of files."""
        return [await self.get(key, prototype, part) for key, part in key_ranges]

    async def exists(self, key: str) -> bool:
        """Whether there is such a file: it is loaded, since links may allow nothing else."""
        return await asyncio.to_thread(self._counted, key) is not None

    async def set(self, key: str, value: Buffer) -> None:
        """Refuse: nothing is written."""
        raise NotImplementedError(key)

    async def delete(self, key: str) -> None:
        """Refuse: nothing is deleted."""
        raise NotImplementedError(key)

    def list(self) -> AsyncIterator[str]:
        """Refuse: a server lists no folder."""
        raise NotImplementedError

    def list_prefix(self, prefix: str) -> AsyncIterator[str]:
        """Refuse: a server lists no folder."""
        raise NotImplementedError(prefix)

    def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """Refuse: a server lists no folder."""
        raise NotImplementedError(prefix)

    def _counted(self, key: str) -> bytes | None:
        with self._lock:
            if self._most is not None and self._loaded >= self._most:
                raise TooMuchError(f"More than {self._most} bytes of {self._name!r} would be read.")
        content = self._load(key)
        with self._lock:
            self._loaded += len(content or b"")
        return content


def _part(content: bytes, asked: ByteRequest | None) -> bytes:
    if isinstance(asked, RangeByteRequest):
        return content[asked.start : asked.end]
    if isinstance(asked, OffsetByteRequest):
        return content[asked.offset :]
    if isinstance(asked, SuffixByteRequest):
        return content[-asked.suffix :]
    return content
