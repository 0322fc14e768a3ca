"""Pixels as a picture that a browser shows."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.preview._raster_colours import table
from openeo_widgets.preview._raster_quiet import quiet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from openeo_widgets.preview._raster_style import Style
    from openeo_widgets.preview._raster_values import Pixels

__all__ = ["MOST_SENT", "Picture", "coloured", "picture"]

#: Characters of a picture, as it is sent to the browser.
MOST_SENT = 200_000

# Of what is too large as a PNG: photographs, mostly. Edges of what is transparent stay sharp.
_QUALITY = "85"


@dataclass(frozen=True)
class Picture:
    """A picture.

    Attributes:
        url: The picture itself, as a ``data:`` URL.
        coarser: How many screen pixels one of its pixels is wide and high.
    """

    url: str
    coarser: int


def picture(
    pixels: Pixels,
    style: Style,
    spread: Sequence[tuple[float, float]],
    palette: Mapping[int, Sequence[int]] | None = None,
) -> Picture:
    """Colour pixels, in at most `MOST_SENT` characters: as PNG, else as WebP, else coarser.

    Args:
        pixels: What was read: the bands of the style, in that order.
        style: How they are coloured.
        spread: Values of the first and the last colour, for each band.
        palette: Colours by value, for the mode "palette".
    """
    colours = coloured(pixels, style, spread, palette)
    coarser = 1
    while True:
        shown = colours[:, ::coarser, ::coarser]
        url = _url("png", _encoded("PNG", shown, ZLEVEL="6"))
        if len(url) > MOST_SENT and _has_webp():
            url = _url("webp", _encoded("WEBP", shown, QUALITY=_QUALITY))
        if len(url) <= MOST_SENT or max(shown.shape[1:]) == 1:
            return Picture(url, coarser)
        coarser *= 2


def coloured(
    pixels: Pixels,
    style: Style,
    spread: Sequence[tuple[float, float]],
    palette: Mapping[int, Sequence[int]] | None = None,
) -> NDArray[np.uint8]:
    """Colour pixels: shape (4, rows, columns), red, green, blue, alpha."""
    import numpy as np  # noqa: PLC0415 - of the extra `raster`

    made = np.zeros((4, *pixels.valid.shape), np.uint8)
    if style.mode == "palette" and palette is not None:
        made[:] = _by_palette(pixels.values[0], palette)
        made[3][~pixels.valid] = 0
        return made
    steps = [_steps(values, *ends) for values, ends in zip(pixels.values, spread, strict=True)]
    if style.mode == "single":
        made[:3] = np.moveaxis(table(style.colormap)[steps[0]], -1, 0)
    else:
        made[:3] = steps
    made[3] = np.where(pixels.valid, 255, 0)
    # What is not seen compresses best when it is all the same.
    made[:3, ~pixels.valid] = 0
    return made


def _steps(values: Any, low: float, high: float) -> NDArray[np.uint8]:
    """Which of 256 steps each value is."""
    import numpy as np  # noqa: PLC0415 - of the extra `raster`

    # Numbers of any size may stand where there is no value.
    with np.errstate(invalid="ignore", over="ignore"):
        share = np.nan_to_num((values.astype(np.float64) - low) / (high - low))
    return np.asarray((np.clip(share, 0, 1) * 255).round(), dtype=np.uint8)


def _by_palette(values: Any, palette: Mapping[int, Sequence[int]]) -> NDArray[np.uint8]:
    import numpy as np  # noqa: PLC0415 - of the extra `raster`

    # What has no colour is not drawn.
    colours = np.zeros((max(palette) + 2, 4), np.uint8)
    for value, colour in palette.items():
        colours[value] = colour
    places = values.astype(np.int64)
    places = np.where((places < 0) | (places > max(palette)), len(colours) - 1, places)
    return np.moveaxis(colours[places], -1, 0)


def _url(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _has_webp() -> bool:
    import rasterio  # noqa: PLC0415 - of the extra `raster`

    with rasterio.Env() as env:
        return "WEBP" in env.drivers()


def _encoded(driver: str, colours: NDArray[np.uint8], **options: str) -> bytes:
    import rasterio  # noqa: PLC0415 - of the extra `raster`
    from rasterio.io import MemoryFile  # noqa: PLC0415 - of the extra `raster`
    from rasterio.transform import from_origin  # noqa: PLC0415 - of the extra `raster`

    _, height, width = colours.shape
    shape: dict[str, Any] = {"width": width, "height": height, "count": 4, "dtype": "uint8"}
    # Of a picture that lies nowhere rasterio warns, and would write it into a file beside it.
    shape["transform"] = from_origin(0, height, 1, 1)
    with quiet(), rasterio.Env(GDAL_PAM_ENABLED=False), MemoryFile() as memory:
        with memory.open(driver=driver, **shape, **options) as written:
            written.write(colours)
        return bytes(memory.read())
