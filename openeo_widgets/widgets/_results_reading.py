"""One reading of results for a `ResultsWidget`: what shows at once, then what takes longer."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._comparison import compared
from openeo_widgets.api._expiry import expires_at
from openeo_widgets.api._places import footprints, simplified
from openeo_widgets.api._stac import federation_notes, interval
from openeo_widgets.api._where import footprint
from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.widgets._base import milliseconds
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openeo_widgets.api import JobResults, ResultAsset
    from openeo_widgets.api._comparison import Row
    from openeo_widgets.api._places import Place
    from openeo_widgets.api._where import Footprint

__all__ = ["Reading", "expiry_of", "row_of"]

# So many reasons why something could not be read are told.
_MOST_NOTES = 5


class Reading:
    """What one asking for results brought. Made and used in a worker thread.

    Args:
        results: The results; they are asked for anew.

    Attributes:
        document: Their metadata.
        assets: Their files, as far as the document itself lists them.
        footprint: Where they lie, as far as is known by now.
        places: Where each Item and file lies; known when it is `complete`.
    """

    def __init__(self, results: JobResults) -> None:
        self._results = results
        self.document: Mapping[str, Any] = results.get_metadata(force=True)
        self.assets: list[ResultAsset] = results.get_assets()
        found = footprint(self.document)
        # The graph is another request: what is shown first waits for it only where it must.
        if found.bbox is None:
            found = footprint(self.document, self.graph)
        self.footprint: Footprint = found
        self.places: list[Place] = []

    @cached_property
    def graph(self) -> Mapping[str, Any]:
        """The job's flat process graph; an empty one where it cannot be had."""
        try:
            process = self._results.job.describe().get("process")
        except OpenEOWidgetsError:
            return {}
        graph = process.get("process_graph") if isinstance(process, dict) else None
        return graph if isinstance(graph, dict) else {}

    @property
    def notes(self) -> list[str]:
        """What the document says of itself that is to be known."""
        return [clip(note) for note in federation_notes(self.document)]

    def complete(
        self, progress: Callable[[int, int], object], canceled: Callable[[], bool]
    ) -> dict[str, Any]:
        """Read the rest: what the results link to, and what was asked for.

        Args:
            progress: Called with how many documents were read and how many are known of.
            canceled: Asked before each document; True ends the reading.

        Returns:
            The traits that follow from it.
        """
        linked = self._results.linked(progress=progress, canceled=canceled)
        items = list(linked.documents.values())
        if items and not canceled():  # else they would be read once more
            self.assets = self._results.get_assets(linked=True)
        self.footprint = footprint(self.document, self.graph, items)
        base_url = self._results.job.get_results_metadata_url(full=True)
        self.places = simplified(footprints(self.document, base_url, linked, self.graph))
        failures = [f"Not all could be read: {why}" for why in linked.failures[:_MOST_NOTES]]
        return {
            "comparison": [row_of(row) for row in compared(self.graph, self.document, items)],
            "expires_ms": expiry_of(self.document, *items),
            "interval": [clip(date) for date in interval(self.document, items)],
            "notes": [*self.notes, *map(clip, failures)],
        }


def expiry_of(*documents: Mapping[str, Any]) -> float | None:
    """When the first of the links of all these documents expires, in ms since the epoch."""
    told = [at for at in map(expires_at, documents) if at is not None]
    return milliseconds(min(told).timestamp()) if told else None


def row_of(row: Row) -> dict[str, Any]:
    """A row as the browser shows it: see ``Compared`` in js/src/protocol.ts."""
    fields = dataclasses.asdict(row)
    return {
        name: clip(value) if isinstance(value, str) else value for name, value in fields.items()
    }
