"""The file that a preview is made of, and how much of it may be read."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from openeo_widgets.api._stac import roles_of
from openeo_widgets.preview._views import BUDGET_BYTES
from openeo_widgets.preview._words import size_text
from openeo_widgets.transfer import TooMuchError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MOST_WHOLE", "PreviewFile"]

#: Bytes that are read when somebody says so; a preview is no place for more.
MOST_WHOLE = 512_000_000


class PreviewFile:
    """A file, for the functions that make previews.

    What is read of it stays within a budget of 5 MB, unless the person said that all of it may be
    read: what needs more is asked for, and the function called again when they agree.

    Args:
        name: Its name.
        media_type: What the back-end calls it: "text/csv; charset=utf-8"; or "".
        head: Reads the first so many bytes, and tells whether there are more.
        opened: Opens it for reading in parts, so many bytes at most; None for no limit.
        size: Bytes, or None.
        roles: STAC roles of the asset.
        whole: Whether all of it may be read.
        member: Loads a file by its path, where this is a folder of files; None where it is not.

    Attributes:
        name: Its name.
        media_type: Its media type, in lower case, without parameters.
        extension: Of its name, in lower case, with the dot; or "".
        size: Bytes, or None.
        roles: STAC roles of the asset.
        whole: Whether all of it may be read.
        member: Loads a file by its path, where this is a folder of files.
    """

    def __init__(
        self,
        name: str,
        media_type: str = "",
        *,
        head: Callable[[int], tuple[bytes, bool]],
        opened: Callable[[int | None], IO[bytes]],
        size: int | None = None,
        roles: tuple[str, ...] = (),
        whole: bool = False,
        member: Callable[[str], bytes | None] | None = None,
    ) -> None:
        self.name = name
        self.media_type = media_type.split(";", maxsplit=1)[0].strip().lower()
        self.extension = PurePosixPath(name).suffix.lower()
        self.size = size
        self.roles = roles
        self.whole = whole
        self.member = member
        self._head = head
        self._opened = opened
        self._begun: tuple[bytes, bool] = (b"", True)
        self._spent = 0

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} ({self.media_type or 'no media type'})>"

    def head(self, most: int = BUDGET_BYTES) -> tuple[bytes, bool]:
        """Read the beginning.

        Args:
            most: Bytes to read; never more than the budget.

        Returns:
            The bytes, and whether the file has more.
        """
        content, more = self._begun
        wanted = min(most, BUDGET_BYTES - self._spent)
        if more and len(content) < wanted:
            content, more = self._begun = self._head(wanted)
            self._spent += len(content)
        return content[:most], more or len(content) > most

    def read(self, most: int = MOST_WHOLE) -> bytes:
        """Read all of it.

        Args:
            most: Bytes that are wanted even if the person agrees.

        Raises:
            TooMuchError: It is larger than the budget, and nobody has agreed yet; or larger
                than `most`.
        """
        content, more = self.head()
        if not more:
            return content
        if not self.whole:
            raise TooMuchError(f"{self.name!r} is larger than the 5 MB that are read unasked.")
        content, more = self._head(most)
        if more:
            raise self.too_large(most)
        return content

    def open(self) -> IO[bytes]:
        """Open it for reading in parts. Reading more than the budget raises `TooMuchError`."""
        return self._opened(None if self.whole else BUDGET_BYTES - self._spent)

    def too_large(self, most: int = MOST_WHOLE) -> TooMuchError:
        """The error that says that not even an answer would help."""
        return TooMuchError(
            f"{self.name!r} has {self.size_text}; a preview reads {size_text(most)} at most.",
            hint="Download it instead.",
        )

    @property
    def size_text(self) -> str:
        """Its size as people read it."""
        return size_text(self.size) if self.size is not None else "more than 5 MB"

    @classmethod
    def of(cls, asset: Any, *, whole: bool = False) -> PreviewFile:
        """The file of an asset (`ResultAsset`)."""
        return cls(
            asset.filename,
            asset.media_type or "",
            head=asset.load_head,
            opened=lambda most: asset.open(most=most),
            size=asset.size,
            roles=roles_of(asset.metadata),
            whole=whole,
            member=asset.load_member,
        )
