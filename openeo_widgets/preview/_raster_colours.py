"""Colours for one band: tables of maps that are even to the eye, and how they are spread."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["COLOR_MAPS", "DEFAULT_MAP", "stops", "table"]

# Seventeen steps each, between which colours are mixed. viridis and magma: matplotlib, CC0.
# RdYlGn and RdBu: ColorBrewer, Apache 2.0.
_STEPS = {
    "viridis": "440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1fa088 28ae80 "
    "3fbc73 5ec962 84d44b addc30 d8e219 fde725",
    "magma": "000004 0a0822 1d1147 36106b 51127c 6a1c81 832681 9c2e7f b73779 d0416f e75263 "
    "f56b5c fc8961 fea772 fec488 fde2a3 fcfdbf",
    "cividis": "00224e 002e6a 1a386f 32436d 434e6c 535a6d 61656f 6f7073 7d7c78 8c8878 9b9476 "
    "aba072 bcae6c cdbb63 dec958 f0d846 fee838",
    "RdYlGn": "a50026 c41e27 de402e f16640 f98e52 fdb567 fed481 feec9f feffbe e6f59d cbe982 "
    "abdb6d 84ca66 5ab760 2aa054 0f8446 006837",
    "RdBu": "67001f 960f27 bb2a34 d25849 e58368 f5ac8b fbceb7 fbe6da f6f7f7 deebf2 c0dceb "
    "98c8e0 68abd0 3e8cbf 2870b1 15508d 053061",
    "terrain": "333399 1e5ec4 0888ee 00acc4 01cc66 41d973 81e680 c1f38d fefe98 ded587 beac76 "
    "9e8365 815e56 a18781 c1b0ac e1d9d7 ffffff",
    "grey": "000000 ffffff",
}

#: Names of the colour maps, in the order in which they are offered.
COLOR_MAPS = tuple(_STEPS)
DEFAULT_MAP = "viridis"


def stops(name: str) -> list[str]:
    """The steps of a colour map from low to high, as CSS has colours.

    Raises:
        KeyError: There is no such map.
    """
    return [f"#{step}" for step in _STEPS[name].split()]


@cache
def table(name: str) -> NDArray[np.uint8]:
    """A colour map as 256 colours: shape (256, 3), red, green, blue.

    Raises:
        KeyError: There is no such map.
    """
    import numpy as np  # noqa: PLC0415 - of the extra `raster`

    steps = np.array([list(bytes.fromhex(step[1:])) for step in stops(name)], dtype=float)
    places = np.linspace(0, 255, len(steps))
    mixed: Any = [np.interp(np.arange(256), places, steps[:, channel]) for channel in range(3)]
    return np.asarray(np.stack(mixed, axis=-1).round(), dtype=np.uint8)
