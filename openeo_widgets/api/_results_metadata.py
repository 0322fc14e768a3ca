"""The metadata of results: asked for, with what they link to, and kept until asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.api._http import call_json
from openeo_widgets.api._places import footprints
from openeo_widgets.api._stac import assets_of
from openeo_widgets.api._stac_items import (
    Linked,
    all_assets,
    links_to_items,
    nothing_linked,
    read_linked,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openeo_widgets.api._job import BatchJob
    from openeo_widgets.api._places import Place

__all__ = ["ResultsMetadata"]


class ResultsMetadata:
    """What a back-end says of the results of a batch job.

    Args:
        job: The job. Nothing is asked before it is needed.
        partial: Whether to take what is there of a job that has not finished.
    """

    def __init__(self, job: BatchJob, *, partial: bool) -> None:
        self._job = job
        #: Whether to take what is there of a job that has not finished. May be changed.
        self.partial = partial
        self._metadata: dict[str, Any] | None = None
        self._linked: Linked | None = None

    @property
    def job(self) -> BatchJob:
        """The job that these are the results of."""
        return self._job

    def get_job_id(self) -> str:
        """Id of the job."""
        return self._job.job_id

    def get_metadata(self, force: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - the official client's signature
        """The results' metadata: a STAC Item or Collection (``GET /jobs/{job_id}/results``).

        Args:
            force: Ask again, also if it is known. The links in it expire.

        Raises:
            BackendError: The job has not finished (``JobNotFinished``), or failed: then the
                message is that of its last error.
        """
        known = self._metadata
        if known is None or force:
            params: dict[str, Any] = {"params": {"partial": "true"}} if self.partial else {}
            path = self._job.get_results_metadata_url()
            known = call_json(self._job.connection, path, **params)
            self._metadata, self._linked = known, None
        return known

    def _own_assets(self) -> dict[str, dict[str, Any]]:
        return assets_of(self.get_metadata(), self._base_url)

    def _all_assets(self) -> dict[str, dict[str, Any]]:
        return all_assets(self.get_metadata(), self._base_url, self.linked())[0]

    @property
    def _base_url(self) -> str:
        return self._job.get_results_metadata_url(full=True)

    def linked(
        self,
        *,
        progress: Callable[[int, int], object] | None = None,
        canceled: Callable[[], bool] = bool,
    ) -> Linked:
        """The Items and Collections that the results link to, each level below them.

        They are read when first needed, and only where there are any.

        Args:
            progress: Called with how many were read and how many are known of; in any thread.
            canceled: Asked before each; True ends the reading, which is begun anew next time.
        """
        document, known = self.get_metadata(), self._linked
        if known is not None:
            return known
        if not any(links_to_items(document, self._base_url)):
            found = nothing_linked()
        else:
            found = read_linked(
                self._job.connection,
                document,
                self._base_url,
                part_of=self._job.get_results_metadata_url(),
                progress=progress,
                canceled=canceled,
            )
        if not canceled():
            self._linked = found
        return found

    def footprints(self, process_graph: Mapping[str, Any] | None = None) -> list[Place]:
        """Where each Item and each file lies, lon/lat degrees, as far as they tell.

        Args:
            process_graph: The job's flat process graph, which tells of exchanged coordinates.
        """
        return footprints(self.get_metadata(), self._base_url, self.linked(), process_graph)

    def _asked_again(self) -> dict[str, dict[str, Any]]:
        """Ask for the results anew, and for what they link to if only that has all files."""
        below = self._linked is not None and len(self._all_assets()) > len(self._own_assets())
        self.get_metadata(force=True)
        return self._all_assets() if below else self._own_assets()
