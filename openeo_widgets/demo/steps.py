"""What the tour without a browser adds to the notebook: start, follow, verify.

These run in the notebook's kernel and use the public interface only, as a person would.
"""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openeo_widgets.api import BatchJob, ResultAsset

_TIMEOUT_S = 600.0
# Shorter than a person would ask a back-end: it is our own, on this machine, and a tour of a few
# seconds should show more than its end.
_PAUSE_S = 0.1
_STEP_PERCENT = 10.0
# Multihash, as the STAC file extension has it: code and length in hexadecimal before the digest.
_MULTIHASH = {"1220": "sha256", "1340": "sha512", "1114": "sha1"}


class VerificationError(Exception):
    """A result is not what it says it is, or holds nothing."""


def start_and_follow(job: BatchJob) -> None:
    """Start a batch job and print what happens, until it is finished.

    Raises:
        JobFailedError: It ended otherwise.
        WaitTimeoutError: It had not ended after ten minutes.
    """
    _say(f"  job {job.job_id}: {job.status()}")
    began = time.monotonic()
    job.start()
    shown = ("", -_STEP_PERCENT)
    while (now := _state(job))[0] in {"queued", "running"} and _since(began) < _TIMEOUT_S:
        if now[0] != shown[0] or now[1] - shown[1] >= _STEP_PERCENT:
            percent = f" {now[1]:.0f} %" if now[1] >= 0 else ""
            _say(f"  {_since(began):6.1f} s  {now[0]}{percent}")
            shown = now
        time.sleep(_PAUSE_S)
    # This asks once more, and knows how to say what went wrong.
    job.wait(max(0.0, _TIMEOUT_S - _since(began)), progress=None)
    _say(f"  {_since(began):6.1f} s  finished")


def _state(job: BatchJob) -> tuple[str, float]:
    """Return status and progress in percent, negative where there is none to report."""
    described = job.describe()
    running = described["status"] == "running"
    return described["status"], float(described.get("progress", -1) if running else -1)


def _since(began: float) -> float:
    return time.monotonic() - began


def verify(*jobs: BatchJob) -> None:
    """Download every asset of the jobs and verify size, checksum and content.

    Raises:
        VerificationError: Something is wrong, or not one raster is among them.
    """
    rasters = []
    for job in jobs:
        assets = job.get_results().get_assets()
        _say(f"  job {job.job_id}: {len(assets)} file{'s' * (len(assets) != 1)}")
        if not assets:
            raise VerificationError(f"Job {job.job_id} has no files.")
        with tempfile.TemporaryDirectory() as folder:
            rasters += [_verified(asset, Path(folder)) for asset in assets]
    if not any(rasters):
        raise VerificationError("No raster is among the files.")


def _verified(asset: ResultAsset, folder: Path) -> bool:
    """Download and verify one asset; return whether it is a raster."""
    path = asset.download(folder / asset.filename)
    found = [check_size(path, asset.metadata), check_checksum(path, asset.metadata)]
    raster = (asset.media_type or "").startswith("image/tiff")
    if raster:
        found.append(check_ndvi(path))
    elif "json" in (asset.media_type or ""):
        found.append(check_json(path))
    _say(f"  {asset.key}: {', '.join(found)}")
    return raster


def check_size(path: Path, metadata: dict[str, Any]) -> str:
    """Compare a file's size in bytes with ``file:size``."""
    told, size = metadata.get("file:size"), path.stat().st_size
    if told != size:
        raise VerificationError(f"{path.name} has {size} bytes, its metadata say {told}.")
    return f"{size} bytes"


def check_checksum(path: Path, metadata: dict[str, Any]) -> str:
    """Compare a file's digest with ``file:checksum``, a multihash in hexadecimal."""
    told = str(metadata.get("file:checksum", ""))
    algorithm = _MULTIHASH.get(told[:4])
    if algorithm is None:
        raise VerificationError(f"{path.name} has no checksum that we can read: {told!r}.")
    digest = hashlib.new(algorithm, path.read_bytes()).hexdigest()
    if digest != told[4:]:
        raise VerificationError(f"{path.name} has another checksum than its metadata say.")
    return f"{algorithm} agrees"


def check_ndvi(path: Path) -> str:
    """Open a GeoTIFF and look for values of an NDVI: some are there, all within -1 and 1."""
    import numpy as np  # noqa: PLC0415 - of the extra; only where there is a raster
    import rasterio  # noqa: PLC0415

    with rasterio.open(path) as dataset:
        values = dataset.read(masked=True)
        where = f"{dataset.width} x {dataset.height} pixels in {dataset.crs}"
    values = np.ma.masked_invalid(values).compressed()
    if not values.size:
        raise VerificationError(f"{path.name} holds nothing but nodata.")
    lowest, highest = float(values.min()), float(values.max())
    if lowest < -1 or highest > 1:
        raise VerificationError(f"{path.name} is no NDVI: {lowest} to {highest}.")
    return f"{where}, NDVI {lowest:.2f} to {highest:.2f}"


def check_json(path: Path) -> str:
    """Read a JSON file and look for numbers: a time series of nothing but gaps is no result."""
    count = sum(1 for _ in _numbers(json.loads(path.read_text(encoding="utf-8"))))
    if not count:
        raise VerificationError(f"{path.name} holds no number.")
    return f"{count} numbers"


def _numbers(value: Any) -> Iterator[float]:
    """Walk through JSON and yield its numbers, NaN and infinity left out."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        yield value


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this is what the person reads
