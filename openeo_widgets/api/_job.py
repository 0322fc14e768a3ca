"""The batch job: a reference to something that exists at the back-end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.api import _display
from openeo_widgets.api._http import BackendConnection, call, call_json, date_of, pages
from openeo_widgets.api._logs import LogEntry, entries_of, level_name
from openeo_widgets.api._results import JobResults
from openeo_widgets.api._schedule import CEILING_S
from openeo_widgets.api._urls import job_path
from openeo_widgets.errors import BackendError, JobFailedError, NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import requests

    from openeo_widgets.watch import JobState, Limits

__all__ = ["BatchJob", "RESTJob", "on_action"]

_acted: list[Callable[[BatchJob], object]] = []


def on_action(tell: Callable[[BatchJob], object]) -> None:
    """Set a function to be told of every job that was started, canceled, changed or deleted.

    The layers below know nothing of those who watch jobs; they plug in here.
    """
    _acted.append(tell)


class BatchJob:
    """A batch job at a back-end. It goes on whether or not this object exists.

    Names and return values are those of the official client. Whatever asks the back-end raises
    `BackendError` when that answers with an error, and `NoAnswerError` when no usable answer
    comes.

    Args:
        job_id: Id of the job.
        connection: Our `Connection`, or an ``openeo.Connection``.

    Raises:
        ValueError: This cannot be the id of a job: it would name another path of the API.
        TypeError: An id is a text.
    """

    def __init__(self, job_id: str, connection: BackendConnection) -> None:
        if not isinstance(job_id, str):
            raise TypeError(f"The id of a batch job is a text, not {job_id!r}.")
        job_path(job_id)  # raises where there is none
        self.job_id = job_id
        self.connection = connection
        self._was_started = False
        # When that was, by the back-end's clock: seconds since the epoch, where it told.
        self._started_at: float | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} job_id={self.job_id!r}>"

    def _ipython_display_(self) -> None:
        _display.show(self)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return _display.bundle(self, **options)

    @property
    def _path(self) -> str:
        return job_path(self.job_id)

    def _act(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        """Ask the back-end to do something to the job; whatever came of it, it is to be seen."""
        try:
            return call(self.connection, method, path, **kwargs)
        finally:
            for tell in _acted:
                tell(self)

    def describe(self) -> dict[str, Any]:
        """Everything that the back-end says of the job (``GET /jobs/{job_id}``).

        Raises:
            NotFoundError: There is no such job.
        """
        return call_json(self.connection, self._path)

    def status(self) -> str:
        """The status: ``created``, ``queued``, ``running``, ``canceled``, ``finished``, ``error``.

        Back-ends may say something else; ``"N/A"`` stands for nothing at all.
        """
        return str(self.describe().get("status", "N/A"))

    def estimate(self, **kwargs: Any) -> dict[str, Any]:
        """What the job would cost and take (``GET /jobs/{job_id}/estimate``).

        Args:
            **kwargs: For ``requests``, such as ``timeout`` in seconds.

        Returns:
            At least one of ``costs`` (back-end currency), ``duration`` (ISO 8601), ``size``
            (bytes).
        """
        return call_json(self.connection, f"{self._path}/estimate", **kwargs)

    def start(self) -> BatchJob:
        """Start the job (``POST /jobs/{job_id}/results``).

        Starting a job that has ended discards its results. Nothing happens when it is queued
        or running already.
        """
        self._was_started, self._started_at = True, None
        answer = self._act("post", f"{self._path}/results")
        self._started_at = date_of(answer)
        return self

    def stop(self) -> None:
        """Cancel the job (``DELETE /jobs/{job_id}/results``).

        It then ends in ``canceled`` or falls back to ``created``, as the back-end likes.
        """
        self._act("delete", f"{self._path}/results")
        self._was_started = False

    def delete(self) -> None:
        """Delete the job and its results, for good (``DELETE /jobs/{job_id}``)."""
        self._act("delete", self._path)

    def update(self, **changes: Any) -> None:
        """Change the job's metadata (``PATCH /jobs/{job_id}``).

        Args:
            **changes: ``title``, ``description``, ``process``, ``plan``, ``budget``; a budget
                of None takes the limit away.

        Raises:
            BackendError: Many back-ends do not offer this (501), and none while the job is
                queued or running.
        """
        self._act("patch", self._path, json=changes)

    def logs(self, offset: str | None = None, level: str | int | None = None) -> list[LogEntry]:
        """The job's log entries, oldest first, through all pages.

        Args:
            offset: Id of the last entry that you have; those after it are returned.
            level: Least severe level wanted, by name or as a constant of ``logging``. Default
                ``debug``: everything that the back-end kept.
        """
        wanted = level_name(level)
        entries = [
            LogEntry(entry) for page in self.log_pages(offset, wanted) for entry in entries_of(page)
        ]
        return [entry for entry in entries if entry.is_at_least(wanted)]

    def log_pages(
        self, offset: str | None = None, level: str | int | None = None
    ) -> Iterator[dict[str, Any]]:
        """The answers that hold the log entries, page by page, as the back-end sends them.

        Args:
            offset: As for `logs`.
            level: As for `logs`.
        """
        params = {"level": level_name(level)} | ({"offset": offset} if offset else {})
        return pages(self.connection, f"{self._path}/logs", params=params)

    def get_results(self, *, partial: bool = False) -> JobResults:
        """A handle to the results. Nothing is asked yet.

        Args:
            partial: Whether to take what is there of a job that has not finished.
        """
        return JobResults(self, partial=partial)

    def get_results_metadata_url(self, *, full: bool = False) -> str:
        """Path of the results' metadata, or with `full` the whole URL (unsigned)."""
        path = f"{self._path}/results"
        return self.connection.root_url.rstrip("/") + path if full else path

    # Waiting

    def wait(
        self,
        timeout: float | None = None,
        *,
        progress: Callable[[str], object] | None = print,
        require_success: bool = True,
        poll_max: float = CEILING_S,
        max_runtime: float | None = None,
        soft_error_max: int | None = None,
    ) -> BatchJob:
        """Wait until a job that was started has ended.

        Outages of the network and of the back-end are waited through. Ctrl-C ends the waiting,
        not the job. It may be called in any thread.

        Args:
            timeout: Seconds to wait at most; None waits for ever.
            progress: Called with a line of text when something changed; None for silence.
                ``print`` keeps one line up to date where it writes to a terminal.
            require_success: Whether an end other than ``finished`` is an error.
            poll_max: Longest pause between two questions, in seconds.
            max_runtime: Cancel the job when it was seen running for so many seconds, or None.
            soft_error_max: Give up after more than so many questions in a row without a usable
                answer, or None: ask on for ever.

        Returns:
            This job.

        Raises:
            JobFailedError: The job ended otherwise than ``finished``, or nobody started it.
            WaitTimeoutError: It had not ended in time. It goes on.
            SignInError: The back-end does not know us any more.
            NotFoundError: There is no such job.
            NoAnswerError: No usable answer came for longer than `soft_error_max` allows.
            RuntimeError: An observer of a widget cannot wait: it is what brings the news.
        """
        from openeo_widgets.watch import wait_for_end  # noqa: PLC0415 - see docs/architecture.md

        limits = self._limits(timeout, require_success, poll_max, max_runtime, soft_error_max)
        wait_for_end(self, limits, progress)
        return self

    async def finished(
        self,
        timeout: float | None = None,
        *,
        require_success: bool = True,
        poll_max: float = CEILING_S,
        max_runtime: float | None = None,
        soft_error_max: int | None = None,
    ) -> BatchJob:
        """Wait as `wait` does, in a coroutine: ``await job.finished()`` in a cell.

        Widgets and other coroutines live on meanwhile. For arguments and errors see `wait`.
        """
        from openeo_widgets.watch import hear_of_end  # noqa: PLC0415 - see docs/architecture.md

        limits = self._limits(timeout, require_success, poll_max, max_runtime, soft_error_max)
        await hear_of_end(self, limits)
        return self

    def _limits(
        self,
        timeout: float | None,
        require_success: bool,  # noqa: FBT001 - as in the two methods above
        poll_max: float,
        max_runtime: float | None,
        soft_error_max: int | None,
    ) -> Limits:
        from openeo_widgets.watch import Limits  # noqa: PLC0415 - see docs/architecture.md

        return Limits(
            timeout=timeout,
            require_success=require_success,
            was_started=self._was_started,
            started_at=self._started_at,
            poll_max=poll_max,
            max_runtime=max_runtime,
            soft_error_max=soft_error_max,
        )

    def on_change(self, callback: Callable[[JobState], object]) -> Callable[[], None]:
        """Call a function whenever the job's status changes, from a background thread.

        It is called with what is known first, then with every change, until the job has ended,
        and should return soon. What it raises goes to the log of ``openeo_widgets``.

        Args:
            callback: Called with a state: ``status``, ``progress`` in percent or None, ``error``.

        Returns:
            A function that ends this.
        """
        from openeo_widgets.watch import Changes  # noqa: PLC0415 - see docs/architecture.md

        return Changes(self, callback).close

    def start_and_wait(
        self,
        *,
        print: Callable[[str], object] = print,  # noqa: A002 - the official client's name
        max_poll_interval: float = CEILING_S,
        connection_retry_interval: float | None = None,  # noqa: ARG002 - see Args
        soft_error_max: int | None = None,
        show_error_logs: bool = True,
        require_success: bool = True,
        timeout: float | None = None,
        max_runtime: float | None = None,
    ) -> BatchJob:
        """Start the job and wait until it is finished.

        Args:
            print: Called with a line of text when something changed.
            max_poll_interval: Longest pause between two questions, in seconds.
            connection_retry_interval: Taken for compatibility; pauses grow by themselves.
            soft_error_max: As in `wait`. The official client gives up after 10.
            show_error_logs: Whether to print the error entries of a job that failed.
            require_success: Whether an end other than ``finished`` is an error.
            timeout: Seconds to wait at most; None waits for ever.
            max_runtime: As in `wait`.

        Returns:
            This job.

        Raises:
            JobFailedError: The job ended otherwise than ``finished``.
        """
        print(f"0:00:00 starting - batch job {self.job_id!r}")
        self.start()
        try:
            return self.wait(
                timeout,
                progress=print,
                require_success=require_success,
                poll_max=max_poll_interval,
                max_runtime=max_runtime,
                soft_error_max=soft_error_max,
            )
        except JobFailedError:
            if show_error_logs:
                for entry in self._error_logs():
                    print(str(entry))
            raise

    def _error_logs(self) -> list[LogEntry]:
        try:
            return self.logs(level="error")
        except (BackendError, NoAnswerError):
            return []  # the job's failure is the news, not that of its logs

    # The official client's older names

    describe_job = describe
    estimate_job = estimate
    start_job = start
    stop_job = stop
    delete_job = delete

    def list_results(self) -> dict[str, Any]:
        """The results' metadata; older name of ``get_results().get_metadata()``."""
        return self.get_results().get_metadata()

    def download_result(self, target: str | Path | None = None) -> Path:
        """Download the only result file; older name of ``get_results().download_file()``."""
        return self.get_results().download_file(target)

    def download_results(self, target: str | Path | None = None) -> dict[Path, dict[str, Any]]:
        """Download all result files; older form of ``get_results().download_files()``.

        Returns:
            Metadata of each asset by the path of its file.
        """
        results = self.get_results()
        paths = results.download_assets(target)
        return {paths[asset.key]: asset.metadata for asset in results.get_assets(linked=True)}

    def run_synchronous(self, outputfile: str | Path | None = None, **wait: Any) -> BatchJob:
        """Start, wait, download; older form of `start_and_wait`."""
        self.start_and_wait(**wait)
        if outputfile is not None:
            self.download_result(outputfile)
        return self


RESTJob = BatchJob
