"""Processes on arrays and pixels whose arguments need care on the way to their implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from openeo_widgets.backend import intervals
from openeo_widgets.backend.failures import ProcessFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def corrected(taken: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Replacements for some of ``taken``, by process id."""

    def array_element(
        data: Any,
        index: int | None = None,
        label: Any = None,
        return_nodata: bool = False,  # noqa: FBT001, FBT002 -- the process has these parameters
        axis: int | None = None,
        dim_labels: Any = None,
    ) -> Any:
        """Finds a date by its text, which is how JSON has it."""
        labels = getattr(dim_labels, "dtype", None)
        if isinstance(label, str) and labels is not None and labels.kind == "M":
            label = intervals.moment(label)
        return taken["array_element"](
            data, index=index, label=label, return_nodata=return_nodata, axis=axis,
            dim_labels=dim_labels,
        )  # fmt: skip

    def ndvi(data: Any, nir: str = "B08", red: str = "B04", target_band: str | None = None) -> Any:
        """Knows which bands are near infrared and red, and says so when they are missing."""
        names = {"nir": "B08", "red": "B04"}
        bands = [str(band) for band in data["bands"].values] if "bands" in data.dims else []
        nir, red = (name if name in bands else names.get(name, name) for name in (nir, red))
        for name, code in ((nir, "NirBandAmbiguous"), (red, "RedBandAmbiguous")):
            if name not in bands:
                has = ", ".join(bands) or "no bands at all"
                raise ProcessFailure(code, f"The cube has no band {name}; it has {has}.")
        return taken["ndvi"](data, nir=nir, red=red, target_band=target_band)

    def apply_kernel(data: Any, kernel: Any, **rest: Any) -> Any:
        """The kernel arrives as lists."""
        return taken["apply_kernel"](data, np.asarray(kernel, float), **rest)

    def is_nodata(x: Any) -> Any:
        """Pixel by pixel; theirs gives one answer for a whole array."""
        return taken["is_nan"](x)

    return {
        "is_nodata": is_nodata,
        "array_element": array_element,
        "ndvi": ndvi,
        "apply_kernel": apply_kernel,
    }
