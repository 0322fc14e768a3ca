"""One raster that is shown on a map: its file, its colours, what is known of its bands."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, cast

from openeo_widgets.preview import (
    CostsMore,
    RasterFile,
    first_style,
    picture,
    ranges,
    stats,
    styled,
)
from openeo_widgets.widgets._raster_told import missing_share, raster_note, raster_told

if TYPE_CHECKING:
    from openeo_widgets.api import ResultAsset
    from openeo_widgets.preview import About, Grid, Picture, Pixels, Stats, Style

__all__ = ["ShownRaster"]


class ShownRaster:
    """A raster that is shown. It is opened and drawn by one worker at a time.

    Args:
        key: What the browser calls its asset.
        asset: The asset.
        most: Most bytes for a picture without asking; None for as many as it takes.

    Attributes:
        key: The same.
        most: The same; None once the person said yes.
        file: Its file, once it was opened.
        style: How it is coloured, from then on.
    """

    def __init__(self, key: str, asset: ResultAsset, most: int | None) -> None:
        self.key = key
        self.most = most
        self.file: RasterFile | None = None
        self.style: Style | None = None
        self._asset = asset
        self._lock = threading.Lock()
        self._closed = False
        self._known: dict[int, Stats | None] = {}
        # Whether what is known of the bands is of all of the raster.
        self._of_all = True
        # What was read last, and for which bands.
        self._pixels: Pixels | None = None
        self._bands: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Name of its file."""
        return self._asset.filename

    @property
    def about(self) -> About:
        """What it is, once it was opened."""
        return cast("RasterFile", self.file).about

    @property
    def was_read(self) -> bool:
        """Whether pixels of it have been read."""
        return self._pixels is not None

    def open(self) -> None:
        """Open its file, unless it is open.

        Raises:
            RasterError: It is no raster, or is on no map, or rasterio is not installed.
            DownloadError: It cannot be fetched.
        """
        if self.file is not None:
            return
        remote = self._asset.open()
        try:
            file = RasterFile(remote, self.name, self._asset.metadata)
        except BaseException:
            remote.close()
            raise
        with self._lock:
            self.style = first_style(file.about)
            self.file = file
            closed = self._closed
        if closed:
            file.close()

    def close(self) -> None:
        """Close its file; whoever reads from it now is waited for."""
        with self._lock:
            self._closed, file = True, self.file
        if file is not None:
            file.close()

    def restyle(self, wanted: dict[str, Any]) -> bool:
        """Colour it otherwise, from the next picture on. It has to be open.

        Args:
            wanted: What is changed, as `styled` takes it.

        Returns:
            Whether that is another style.

        Raises:
            ValueError: There is no such style of this raster.
        """
        made = styled(cast("Style", self.style), self.about, wanted)
        changed, self.style = made != self.style, made
        return changed

    def draw(self, grid: Grid, style: Style) -> tuple[Picture | None, dict[str, Any]]:
        """Draw a part of it. It has to be open.

        Args:
            grid: The part.
            style: How it is coloured.

        Returns:
            The picture, None if nothing of the raster is in it; and what is told of it.

        Raises:
            CostsMore: It takes more bytes than `most`.
            RasterError: It cannot be read.
            DownloadError: It cannot be fetched.
        """
        file = cast("RasterFile", self.file)
        if not self._has(grid, style):
            self._pixels = file.read(grid, style.bands, most=self.most)
            self._bands = style.bands
        known = self._stats(style)
        spread = ranges(file.about, style, known)
        told = raster_told(file.about, style, spread)
        told["nodata_share"] = missing_share(known) if self._of_all else None
        if self._pixels is None:
            return None, {**told, "note": "The map shows none of it."}
        made = picture(self._pixels, style, spread, file.about.palette)
        has_values = not self._of_all or any(self._known.values())
        note = raster_note(
            file.about, of_all=self._of_all, has_values=has_values, coarser=made.coarser
        )
        return made, {**told, "note": note}

    def _has(self, grid: Grid, style: Style) -> bool:
        there = self._pixels
        return there is not None and there.grid == grid and self._bands == style.bands

    def _stats(self, style: Style) -> list[Stats | None]:
        """What the bands are like: all of them where that is not dear, else what is in view."""
        lacking = [number for number in style.bands if number not in self._known]
        if lacking and self._of_all:
            try:
                found = cast("RasterFile", self.file).sample(lacking, most=self.most)
                self._known |= dict(zip(lacking, found, strict=True))
            except CostsMore:
                self._of_all = False
        if not self._of_all and self._pixels is not None:
            valid = self._pixels.valid
            for number, values in zip(style.bands, self._pixels.values, strict=True):
                if number not in self._known:
                    self._known[number] = stats(values[valid], valid.size)
        return [self._known.get(number) for number in style.bands]
