"""From an asset to something to look at: one module a family. No Jupyter, no threads."""

from openeo_widgets.preview._file import PreviewFile
from openeo_widgets.preview._geojson import features_of
from openeo_widgets.preview._open import Opened, open_preview
from openeo_widgets.preview._registry import register_preview
from openeo_widgets.preview._table import Table
from openeo_widgets.preview._tree import Tree
from openeo_widgets.preview._views import BUDGET_BYTES, SHOWN_BYTES, Image

__all__ = [
    "BUDGET_BYTES",
    "SHOWN_BYTES",
    "Image",
    "Opened",
    "PreviewFile",
    "Table",
    "Tree",
    "features_of",
    "open_preview",
    "register_preview",
]
