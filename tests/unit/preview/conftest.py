"""What the tests of previews share."""

import io
import json

import pytest

from openeo_widgets.preview import PreviewFile, open_preview
from openeo_widgets.transfer import TooMuchError


class Metered(io.BytesIO):
    """A file that tells how much of it was read, and stops where that is too much."""

    def __init__(self, content, most, read):
        super().__init__(content)
        self._most = most
        self._read = read
        self._own = 0

    def read(self, size=-1):
        content = super().read(size)
        if self._most is not None and self._own + len(content) > self._most:
            raise TooMuchError("More would be read than may be.")
        self._read.append(len(content))
        self._own += len(content)
        return content

    def readinto(self, buffer):
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)


@pytest.fixture
def read():
    """Sizes of what was read of the files that `file_of` made."""
    return []


@pytest.fixture
def file_of(read):
    """A function that makes a file of bytes, or of what JSON holds."""

    def make(content, name="a.json", media_type="", *, whole=False, roles=(), size=...):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()

        def head(most):
            read.append(min(most, len(data)))
            return data[:most], len(data) > most

        return PreviewFile(
            name,
            media_type,
            head=head,
            opened=lambda most: Metered(data, most, read),
            size=len(data) if size is ... else size,
            roles=roles,
            whole=whole,
        )

    return make


@pytest.fixture
def opened(file_of):
    """A function that opens the preview of bytes, or of what JSON holds."""

    def open_it(content, name="a.json", media_type="", **options):
        return open_preview(file_of(content, name, media_type, **options))

    return open_it


@pytest.fixture
def view():
    """A function that finds the view of a kind: as it was told, and as it is."""

    def find(preview, kind):
        pairs = zip(preview.told, preview.views, strict=True)
        return next(pair for pair in pairs if pair[0]["kind"] == kind)

    return find


@pytest.fixture
def rows():
    """A function that asks a table for rows."""

    def ask(table, start=0, count=200, sort="", search="", *, descending=False):
        return table.window(start, count, sort, search, descending=descending)

    return ask
