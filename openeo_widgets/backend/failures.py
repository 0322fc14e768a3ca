"""What went wrong while computing, in terms of the process graph."""

from __future__ import annotations

import re

_OWN_CODE = re.compile(r"^([A-Z][A-Za-z]+) - (.*)$", re.DOTALL)


class ProcessFailure(Exception):  # noqa: N818 -- it reads as what happened
    """A process could not do what was asked.

    Args:
        code: the exception's name in the process specifications, such as
            ``DimensionNotAvailable``.
        message: what happened, for the user.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path: tuple[dict[str, str], ...] = ()

    def at(self, path: tuple[dict[str, str], ...]) -> ProcessFailure:
        """Notes the node where it happened, unless a node further in is noted already."""
        self.path = self.path or path
        return self


def describe(error: Exception) -> ProcessFailure:
    """Any exception as a ``ProcessFailure``.

    openeo-processes-dask names its exceptions as the process specifications do, or begins the
    message of a bare ``Exception`` with that name.
    """
    message = str(error) or type(error).__name__
    own = _OWN_CODE.match(message)
    if own:
        return ProcessFailure(own[1], own[2])
    if isinstance(error, MemoryError):
        return ProcessFailure("ProcessGraphComplexity", "There is not enough memory for this.")
    return ProcessFailure(type(error).__name__, message)
