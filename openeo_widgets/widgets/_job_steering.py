"""What the menu of a `JobWidget` offers, and how its forms are answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from openeo_widgets.api._capabilities import (
    NOT_OFFERED,
    ask_capabilities,
    known_capabilities,
    note_missing,
)
from openeo_widgets.api._copying import copy_request, created_job
from openeo_widgets.api._journal import made_for
from openeo_widgets.api._schedule import ACTIVE
from openeo_widgets.api._shapes import text_of
from openeo_widgets.api._urls import job_path
from openeo_widgets.errors import BackendError, OpenEOWidgetsError
from openeo_widgets.watch import JobState, in_words, watcher
from openeo_widgets.widgets._base import ASIDE, Revealed
from openeo_widgets.widgets._job_forms import (
    draft_of,
    options_of,
    parsed_options,
    parsed_process,
    with_graph,
)
from openeo_widgets.widgets._job_offers import ENDPOINTS, is_gone, offered, start_warning
from openeo_widgets.widgets._job_preflight import Preflight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openeo_widgets.widgets._job import JobWidget

__all__ = ["Steering"]


class Steering:
    """Says what can be done to the job, and does it.

    Args:
        widget: The widget that it is a part of.
        learned: Called when more of the back-end is known.
    """

    def __init__(self, widget: JobWidget, learned: Callable[[], object]) -> None:
        self._widget = widget
        self._learned = learned
        self._preflight = Preflight(widget)
        self._state = JobState()
        self._asked = False
        self._original: Steering | None = None  # that of the card below which this one is shown

    def close(self) -> None:
        """Take the card, which is being closed, off the one that it is a copy of."""
        if self._original is not None:
            self._original._let_go(self._widget)  # noqa: SLF001 - of the same class

    # What is offered

    def take_in(self, state: JobState) -> dict[str, Any]:
        """Take in a new state. Called in a worker thread.

        Returns:
            The traits ``actions`` and ``start_warning``, and ``preflight`` where it is over.
        """
        moved = self._state.status not in {"", state.status}
        self._state = state
        if state.status and not self._asked:
            self._asked = True
            ASIDE.submit(self._learn, lane=self._widget.backend)
        # What was said before a start is of the past once the job has moved on.
        return self._offers() | ({"preflight": None} if moved else {})

    def count_files(self, _change: object = None) -> None:
        """Take note of the files that a start would discard. Called where results were read."""
        # Not here: who changed the results holds their lock, and may be waited for in ours.
        watcher().workers.submit(self._tell_offers)

    def _learn(self) -> None:
        with made_for(job_path(self._widget.job_id)):
            ask_capabilities(self._widget.job.connection)
        self._tell_offers()
        self._learned()

    def _tell_offers(self) -> None:
        with self._widget.in_order():
            self._widget.publish(**self._offers())

    def _offers(self) -> dict[str, Any]:
        state, results = self._state, self._widget.results
        offers: dict[str, Any] = {
            "actions": offered(
                state,
                known_capabilities(self._widget.job.connection),
                is_copy=self._original is not None,
            ),
            "start_warning": start_warning(state, results.assets if results else ()),
        }
        if state.status in ACTIVE or is_gone(state):
            offers["preflight"] = None
        return offers

    def tried(self, action: str, request: Callable[[], Any]) -> Callable[[], Any]:
        """Make a request that, where the back-end turns out not to offer it, is not offered again.

        Args:
            action: One of `ENDPOINTS`.
            request: What asks the back-end.
        """

        def ask() -> Any:
            try:
                return request()
            except OpenEOWidgetsError as error:
                if isinstance(error, BackendError) and error.http_status in NOT_OFFERED:
                    note_missing(self._widget.job.connection, *ENDPOINTS[action])
                    self._tell_offers()
                told = in_words(action, error)
                if told is error:
                    raise
                raise told from error

        return ask

    # Editing

    def update(self, title: str, description: str) -> None:
        """Change title and description, as far as they differ. A message from the browser."""
        wanted = {"title": title, "description": description}
        described = self._state.described
        changes = {
            name: value or None
            for name, value in wanted.items()
            if value != _one_line_end(described.get(name))
        }
        if changes:
            self.change(changes)

    def change(self, changes: Mapping[str, Any]) -> None:
        """Change what the job says of itself; the watcher asks at once."""
        job = self._widget.job
        self.tried("update", lambda: job.update(**changes))()

    # Copies

    def draft(self, *, copy: bool) -> Revealed:
        """What the forms begin with, as `draft_of` has it.

        It goes to the browser as it is: what is sent back must not have lost anything.

        Args:
            copy: Whether it is for a copy, else for changing the job.
        """
        described = self._widget.job.describe()
        connection = self._widget.job.connection
        capabilities = ask_capabilities(connection) if copy else known_capabilities(connection)
        return Revealed(draft_of(described, capabilities, copy=copy))

    def duplicate(
        self,
        title: str,
        description: str,
        plan: str,
        budget: float | None,
        options: str,
        process: str | None = None,
    ) -> None:
        """Create a copy as the form says. A message from the browser.

        Without a process that of the job is taken as it is.
        """
        described = self._widget.job.describe()
        form = {"title": title, "description": description, "plan": plan, "budget": budget}
        changes = dict.fromkeys(options_of(copy_request(described))) | parsed_options(options)
        changes |= {name: None if value == "" else value for name, value in form.items()}
        if process is not None:
            changes["process"] = parsed_process(process, described.get("process"))
        made = self._copied(described, changes)
        if made not in self._widget.copies:  # the widget was closed meanwhile
            made.close()

    def copy(self, changes: Mapping[str, Any]) -> JobWidget:
        """Create a copy with some changes, and show it.

        Raises:
            TypeError: There is both a process and a process graph among them.
        """
        changes = dict(changes)
        described = self._widget.job.describe()
        if "process_graph" in changes:
            if "process" in changes:
                raise TypeError("A copy has a process or a process_graph of its own, not both.")
            graph = changes.pop("process_graph")
            changes["process"] = with_graph(described.get("process"), graph)
        return self._copied(described, changes)

    def _copied(self, described: Mapping[str, Any], changes: Mapping[str, Any]) -> JobWidget:
        widget = self._widget
        request = copy_request(described, **changes)
        create = self.tried("duplicate", lambda: created_job(widget.job.connection, request))
        with made_for(job_path(widget.job_id)):
            job = create()
        made = type(widget)(job, **widget._options)  # noqa: SLF001 - a part of it
        with widget.kept_open() as still_open:
            if still_open:
                made._steering._original = self  # noqa: SLF001 - a part of it
                widget.publish(copies=(*widget.copies, made))
                # The static card tells of them as well.
                still = widget._still  # noqa: SLF001 - a part of it
                made.observe(lambda _: still.changed(), ["status", "title", "freshness"])
        made._steering._tell_offers()  # noqa: SLF001 - it may be gone already
        return made

    def remove(self) -> None:
        """Take a copy that is gone off the card that it was made on. A message from the browser."""
        if self._original is not None and is_gone(self._state):
            self._widget.close()

    def _let_go(self, copy: JobWidget) -> None:
        """Show a copy no longer, from any thread."""
        widget = self._widget
        with widget.kept_open():
            widget.publish(copies=tuple(other for other in widget.copies if other is not copy))
            widget.flush()  # the browser lets go of it before it is gone

    # Before a start

    def preflight(self) -> None:
        """Ask what a start would cost, and whether it can work. The trait tells the answer."""
        self._preflight.ask()

    # What leads elsewhere

    def web_editor(self) -> Revealed:
        """The address of the web editor that the back-end names."""
        address = known_capabilities(self._widget.job.connection).web_editor
        if not address:
            raise OpenEOWidgetsError("This back-end names no web editor.")
        return Revealed({"url": address})

    def copy_python(self) -> Revealed:
        """The lines of Python that show this job again."""
        root = json.dumps(_plain(self._widget.job.connection.root_url), ensure_ascii=False)
        job_id = json.dumps(self._widget.job_id, ensure_ascii=False)
        lines = (
            "from openeo_widgets import JobWidget, connect",
            "",
            "# A name of its own: a connection that you have stays, and may serve as well.",
            f"back_end = connect({root})",
            'back_end.authenticate_basic("user", "password")  # or as you sign in there',
            f"JobWidget.from_id({job_id}, back_end)",
        )
        return Revealed({"text": "\n".join(lines) + "\n"})


def _plain(root_url: str) -> str:
    """The address of an API without what may be secret: user, query, fragment."""
    parts = urlsplit(root_url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _one_line_end(value: Any) -> str:
    """A text as a form gives it back: with one kind of line end."""
    return text_of(value).replace("\r\n", "\n").replace("\r", "\n")
