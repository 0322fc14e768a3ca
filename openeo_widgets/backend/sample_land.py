"""What lies under the sample's sky: parcels, crops, soil, water, forest and a village."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

WIDTH, HEIGHT = 304, 336

# Reflectances times 10 000 in B02, B03, B04, B08, B11.
_SOIL = np.array([1050, 1350, 1700, 2350, 3100])
_LEAF = np.array([280, 640, 320, 4900, 1850])
_STRAW = np.array([1050, 1550, 2000, 3000, 3700])
_WATER = np.array([480, 560, 380, 210, 120])
_TREES = np.array([260, 450, 280, 3400, 1350])
_BRANCHES = np.array([480, 580, 700, 1650, 1800])
_ROOFS = np.array([1350, 1450, 1600, 2100, 2350])


@dataclass(frozen=True)
class Crop:
    """A crop's year.

    Args:
        rise: day of the year when the ground is half covered in spring.
        fall: day of the year when it has half ripened.
        pace: how many days a rise or a fall takes, as a scale.
        winter: ground cover before the rise, 0 to 1.
        peak: ground cover at its height, 0 to 1.
        catch: day when a catch crop has half covered the ground after the harvest, or None.
    """

    rise: float
    fall: float
    pace: float
    winter: float
    peak: float
    catch: float | None = None


CROPS = (
    Crop(rise=92, fall=178, pace=9, winter=0.22, peak=0.95, catch=258),  # winter wheat
    Crop(rise=88, fall=172, pace=9, winter=0.26, peak=0.92),  # winter barley, then bare soil
    Crop(rise=80, fall=176, pace=10, winter=0.38, peak=0.94, catch=250),  # rapeseed
    Crop(rise=148, fall=292, pace=11, winter=0.03, peak=0.97),  # sugar beet
    Crop(rise=162, fall=262, pace=9, winter=0.03, peak=0.93),  # maize
    Crop(rise=157, fall=243, pace=8, winter=0.03, peak=0.88),  # sunflower
    Crop(rise=166, fall=268, pace=8, winter=0.03, peak=0.95),  # soy
    Crop(rise=95, fall=300, pace=16, winter=0.35, peak=0.80),  # lucerne
)


def smooth_noise(random: np.random.Generator, scale: float) -> Any:
    """A random field (y, x) of mean 0 and deviation 1, smooth over ``scale`` pixels."""
    rows = np.fft.fftfreq(HEIGHT)[:, None]
    columns = np.fft.rfftfreq(WIDTH)[None, :]
    keep = np.exp(-2 * (np.pi * scale) ** 2 * (rows**2 + columns**2))
    noise = np.fft.rfft2(random.standard_normal((HEIGHT, WIDTH)))
    field = np.fft.irfft2(noise * keep, s=(HEIGHT, WIDTH))
    return (field - field.mean()) / field.std()


class Land:
    """The ground, the same on all dates.

    Args:
        random: where the parcels and what grows on them come from.
    """

    def __init__(self, random: np.random.Generator) -> None:
        rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(float)
        parcels, count = _parcels(random, rows, columns)
        self._crop = random.integers(0, len(CROPS), count)[parcels]
        self._delay = random.normal(0, 5, count)[parcels] + 2 * smooth_noise(random, 12)
        self._vigour = 1 - 0.12 * random.random(count)[parcels]
        self._soil = 1 + 0.08 * smooth_noise(random, 18) + random.normal(0, 0.05, count)[parcels]
        middle = 232 + 22 * np.sin(rows / 47) + 0.12 * rows
        distance = np.abs(columns - middle)
        self.water = distance < _RIVER
        self._forest = (distance < _RIVER + 7 + 3 * smooth_noise(random, 9)) & ~self.water
        village = np.hypot((rows - 70) / 26, (columns - 80) / 34)
        self._roofs = village + 0.25 * smooth_noise(random, 3) < 1
        # A farm track along every parcel's border.
        self._track = (parcels != np.roll(parcels, 1, 0)) | (parcels != np.roll(parcels, 1, 1))

    def reflectance(self, day: float, random: np.random.Generator) -> Any:
        """(band, y, x): reflectances times 10 000 on a day of the year (1 to 365)."""
        cover, dry = self._cover(day)
        fields = (
            _mix(_SOIL, self._soil * (1 - cover - dry)) + _mix(_LEAF, cover) + _mix(_STRAW, dry)
        )
        leaves = _season(day, rise=112, fall=300, pace=9)
        forest = _BRANCHES * (1 - leaves) + _TREES * leaves
        ground = np.where(self._track, _mix(_SOIL * 1.15, 1 - 0.3 * cover), fields)
        ground = np.where(self._roofs, _mix(_ROOFS, np.ones_like(cover)), ground)
        ground = np.where(self._forest, forest[:, None, None], ground)
        ground = np.where(self.water, _WATER[:, None, None], ground)
        grain = 1 + 0.025 * random.standard_normal(ground.shape)
        return ground * grain

    def _cover(self, day: float) -> tuple[Any, Any]:
        """Ground covered by leaves, and by what is ripe or stubble, both 0 to 1."""
        cover = np.zeros((HEIGHT, WIDTH))
        dry = np.zeros((HEIGHT, WIDTH))
        for index, crop in enumerate(CROPS):
            here = self._crop == index
            moment = day - self._delay[here]
            grown = _rise(moment, crop.rise, crop.pace)
            ripe = _rise(moment, crop.fall, crop.pace)
            leaf = crop.winter * (1 - ripe) + (crop.peak - crop.winter) * grown * (1 - ripe)
            if crop.catch is not None:
                leaf = leaf + 0.7 * _rise(moment, crop.catch, 9) * (1 - _rise(moment, 335, 9))
            cover[here] = np.clip(leaf * self._vigour[here], 0, 1)
            harvested = _rise(moment, crop.fall + 30, 6)
            dry[here] = np.clip(0.8 * ripe * (1 - harvested), 0, 1 - cover[here])
        return cover, dry


def _season(day: float, rise: float, fall: float, pace: float) -> Any:
    return _rise(day, rise, pace) * (1 - _rise(day, fall, pace))


def _rise(day: Any, middle: float, pace: float) -> Any:
    """0 before, 1 after, one half on the day ``middle``."""
    return 1 / (1 + np.exp(-(day - middle) / pace))


def _mix(spectrum: Any, share: Any) -> Any:
    return spectrum[:, None, None] * share[None]


def _parcels(random: np.random.Generator, rows: Any, columns: Any) -> tuple[Any, int]:
    """A label per pixel: long strips, as the Marchfeld has them, in blocks turned to the north."""
    angle = np.deg2rad(24)
    across = columns * np.cos(angle) + rows * np.sin(angle)
    along = rows * np.cos(angle) - columns * np.sin(angle)
    labels = np.zeros(rows.shape, int)
    waiting = [(across.min(), across.max() + 1, along.min(), along.max() + 1)]
    count = 0
    while waiting:
        west, east, north, south = waiting.pop()
        wide, tall = east - west, south - north
        if wide < 2 * _MIN_WIDTH and tall < 2 * _MIN_LENGTH:
            inside = (across >= west) & (across < east) & (along >= north) & (along < south)
            labels[inside] = count
            count += 1
        elif tall / _MIN_LENGTH >= wide / _MIN_WIDTH:
            cut = north + tall * random.uniform(0.35, 0.65)
            waiting += [(west, east, north, cut), (west, east, cut, south)]
        else:
            cut = west + wide * random.uniform(0.35, 0.65)
            waiting += [(west, cut, north, south), (cut, east, north, south)]
    return labels, count


_RIVER = 5  # pixels from the river's middle to its bank
_MIN_WIDTH = 15.0  # pixels: strips of 150 m and more
_MIN_LENGTH = 34.0
