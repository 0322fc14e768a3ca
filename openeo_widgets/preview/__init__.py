"""From an asset to something to look at."""

from openeo_widgets.preview._json import BUDGET_BYTES, JsonPreview, Series, preview_json

__all__ = ["BUDGET_BYTES", "JsonPreview", "Series", "preview_json"]
