"""One raster that is shown on a map: its frames, its colours, what is known of its bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from openeo_widgets.preview import (
    CostsMore,
    CubeFrame,
    first_style,
    modes_of,
    picture,
    ranges,
    stats,
    styled,
)
from openeo_widgets.widgets._raster_frames import RasterFrames
from openeo_widgets.widgets._raster_told import missing_share, raster_note, raster_told
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openeo_widgets.preview import About, Chart, Grid, Picture, Pixels, Stats, Style
    from openeo_widgets.widgets._raster_dates import Dated
    from openeo_widgets.widgets._raster_frames import RasterSource

__all__ = ["ShownRaster"]

# Stretches that depend on the values of a raster.
_BY_VALUES = frozenset(("percentiles", "minmax"))


class ShownRaster:
    """A raster that is shown. It is opened and drawn by one worker at a time.

    Args:
        files: Its file, or those of all its dates, in their order.
        frame: Which of them is shown, from 0.
        most: Most bytes for a picture without asking; None for as many as it takes.

    Attributes:
        frame: Which frame is wanted.
        seen: Which frame the map shows; None before the first picture.
        most: The same; None once the person said yes.
        file: What the frame that was opened last is read from.
        style: How it is coloured, once one was opened.
    """

    def __init__(self, files: Sequence[Dated], frame: int, most: int | None) -> None:
        self.frame = frame
        self.seen: int | None = None
        self.most = most
        self.file: RasterSource | None = None
        self.style: Style | None = None
        self._frames = RasterFrames(files)
        # The frame that was opened last.
        self._at: int | None = None
        self._was_read = False
        self._known: dict[int, Stats | None] = {}
        # What colours are spread over, by band, and of which frame that is: as long as it stays
        # dates can be compared.
        self._spread: dict[int, tuple[Stats, int]] = {}
        # Whether what is known of the bands is of all of the frame.
        self._of_all = True
        # What was read last, and for which bands.
        self._pixels: Pixels | None = None
        self._bands: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """What the browser calls the asset that the wanted frame is in."""
        return self._frames.file(self.frame).key

    @property
    def name(self) -> str:
        """Name of its file."""
        return self._frames.file(self.frame).asset.filename

    @property
    def about(self) -> About:
        """What it is, once it was opened."""
        return cast("RasterSource", self.file).about

    @property
    def was_read(self) -> bool:
        """Whether pixels of it, of whichever frame, have been read."""
        return self._was_read

    @property
    def has_series(self) -> bool:
        """Whether a pixel has values over time in it."""
        return isinstance(self.file, CubeFrame) and len(self._frames.labels) > 1

    @property
    def still_seen(self) -> str:
        """Which frame the map shows, in words, where that is not the wanted one; or ""."""
        if self.seen is None or self.seen == self.frame:
            return ""
        return f"The map still shows {self.label(self.seen)}."

    def frames_told(self) -> dict[str, Any]:
        """What the browser is told of its frames, and of the file that the wanted one is in."""
        labels = [{"label": clip(label)} for label in self._frames.labels]
        return {"key": self.key, "name": clip(self.name), "frames": labels, "frame": self.frame}

    def label(self, frame: int) -> str:
        """What a frame is called, or ""."""
        return self._frames.labels[frame] if frame < len(self._frames.labels) else ""

    def frame_of(self, key: str) -> int | None:
        """The frame that is the file of a key; None if none is, or there is but one file."""
        return self._frames.number_of(key)

    def choose(self, frame: int) -> None:
        """Want another frame.

        Raises:
            ValueError: There is no such frame.
        """
        if not 0 <= frame < len(self._frames.labels):
            raise ValueError("There is no such date.")
        self.frame = frame

    def open(self) -> int:
        """Open the wanted frame, unless it is open. Returns which that is.

        Raises:
            CostsMore: Only all of it can be read, and that is more bytes than `most`.
            RasterError: It is no raster, or is on no map, or rasterio is not installed.
            MissingExtraError: What reads cubes is not installed.
            DownloadError: It cannot be fetched.
        """
        wanted = self.frame
        if wanted == self._at:
            return wanted
        file = self._frames.open(wanted, most=self.most)
        if self.style is None or not _fits(self.style, file.about):
            self.style, self._spread = first_style(file.about), {}
        self._known, self._of_all, self._pixels = {}, True, None
        self.file, self._at = file, wanted
        return wanted

    def close(self) -> None:
        """Close its files; whoever reads from them now is waited for."""
        self._frames.close()

    def series_at(self, lon: float, lat: float, *, most: int | None) -> Chart | None:
        """The values of a pixel over time; None where there are none.

        Args:
            lon: Longitude in degrees.
            lat: Latitude in degrees.
            most: Most bytes to fetch; None for as many as it takes.

        Raises:
            CostsMore: It takes more.
            RasterError: It cannot be read.
            DownloadError: It cannot be fetched.
        """
        file = self.file
        return file.cube.series_at(lon, lat, most=most) if isinstance(file, CubeFrame) else None

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
        file = cast("RasterSource", self.file)
        if not self._has(grid, style):
            self._pixels = file.read(grid, style.bands, most=self.most)
            self._bands, self._was_read = style.bands, True
        known = self._stats(style)
        spread = ranges(file.about, style, self._held(style, known))
        told = {**raster_told(file.about, style, spread), **self.frames_told()}
        told["nodata_share"] = missing_share(known) if self._of_all else None
        if self._pixels is None:
            return None, {**told, "note": "The map shows none of it."}
        made = picture(self._pixels, style, spread, file.about.palette)
        has_values = not self._of_all or any(self._known.values())
        note = raster_note(
            file.about,
            of_all=self._of_all,
            has_values=has_values,
            coarser=made.coarser // grid.density,
        )
        return made, {**told, "note": " ".join(filter(None, (note, self._spread_note(style))))}

    def _has(self, grid: Grid, style: Style) -> bool:
        there = self._pixels
        return there is not None and there.grid == grid and self._bands == style.bands

    def _stats(self, style: Style) -> list[Stats | None]:
        """What the bands are like: all of them where that is not dear, else what is in view."""
        lacking = [number for number in style.bands if number not in self._known]
        if lacking and self._of_all:
            try:
                found = cast("RasterSource", self.file).sample(lacking, most=self.most)
                self._known |= dict(zip(lacking, found, strict=True))
            except CostsMore:
                self._of_all = False
        if not self._of_all and self._pixels is not None:
            valid = self._pixels.valid
            for number, values in zip(style.bands, self._pixels.values, strict=True):
                if number not in self._known:
                    self._known[number] = stats(values[valid], valid.size)
        return [self._known.get(number) for number in style.bands]

    def _held(self, style: Style, known: Sequence[Stats | None]) -> list[Stats | None]:
        """What the colours are spread over: that of the first date with values, at all of them."""
        frame = cast("int", self._at)
        for number, one in zip(style.bands, known, strict=True):
            if one is not None:
                self._spread.setdefault(number, (one, frame))
        return [self._spread.get(number, (None, 0))[0] for number in style.bands]

    def _spread_note(self, style: Style) -> str:
        """That the colours are those of another date, where they are; or ""."""
        if style.stretch not in _BY_VALUES or style.mode == "palette":
            return ""
        frames = {self._spread[number][1] for number in style.bands if number in self._spread}
        others = sorted(frames - {self._at})
        dates = " and ".join(self.label(frame) for frame in others)
        return f"Its colours are spread as those of {dates}, to be compared." if others else ""


def _fits(style: Style, about: About) -> bool:
    """Whether a raster can be coloured so."""
    numbers = {band.number for band in about.bands}
    return style.mode in modes_of(about) and set(style.bands) <= numbers
