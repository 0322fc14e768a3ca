"""What all widgets share: traits that are set from any thread, messages that are answered."""

from __future__ import annotations

import functools
import logging
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.redact import log_failure
from openeo_widgets.transfer import Workers
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._messages import check_fields
from openeo_widgets.widgets._static import as_html, as_text
from openeo_widgets.widgets._still import StillOutput, display, kernel
from openeo_widgets.widgets._traits import clip, sendable, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from openeo_widgets.widgets._static import StaticCard

_log = logging.getLogger(__name__)

__all__ = [
    "ASIDE",
    "STATIC",
    "Bytes",
    "LiveWidget",
    "Revealed",
    "answer_on_any_thread",
    "error_info",
    "front_end",
    "milliseconds",
]

STATIC = Path(__file__).parent / "static"

_BETWEEN_S = 0.05

# What a person asked a back-end for, and what is only good to know: neither holds up the states of
# jobs, and a back-end that hangs holds few of the threads. What asks nobody waits for none of them.
COMMANDS = Workers("openeo-widgets-command", 8, most_of_lane=2)
ASIDE = Workers("openeo-widgets-aside", 3, most_of_lane=1)
_WORK = Workers("openeo-widgets-work", 1)


def front_end(name: str) -> str:
    """Read a part of the built front end.

    Given a path, anywidget would watch the file for changes, and hold every widget for ever.

    Args:
        name: Name of the file.

    Raises:
        FileNotFoundError: It has not been built.
    """
    path = STATIC / name
    if not path.exists():
        raise FileNotFoundError(
            f"The front end is not built: {path} is missing. "
            "In a checkout, pip install -e . builds it."
        )
    return path.read_text(encoding="utf-8")


@functools.cache
def _source(file: str) -> str:
    return front_end(file)


@dataclass(frozen=True)
class Revealed:
    """An answer that goes to the browser as it is, links included: the person asked for just that.

    Attributes:
        value: Something that JSON can hold.
    """

    value: Any


@dataclass(frozen=True)
class Bytes:
    """An answer with bytes beside it: part of a file that the person asked for.

    Attributes:
        data: What is said of them; something that JSON can hold.
        content: The bytes.
    """

    data: Any
    content: bytes


class LiveWidget(anywidget.AnyWidget):
    """A widget whose state is set from background threads, and which answers messages.

    A message from the browser is ``{"id": ..., "kind": ..., ...}``; the method that `commands`
    names for it is called with the other fields. The answer always goes back:
    ``{"id": ..., "ok": True, "data": ...}`` with what it returned, or ``"ok": False`` and an error.
    """

    #: Names of the methods that the browser may call, by kind of message. A dotted name is that of
    #: a method of a part of the widget.
    commands: Mapping[str, str] = {}

    #: Kinds of message whose methods ask the back-end: they are carried out in a worker thread.
    asking: frozenset[str] = frozenset()
    #: Kinds of message whose methods ask nobody, and take long: in another worker thread.
    working: frozenset[str] = frozenset()

    #: Files of the modules that the browser loads when it needs them, by their names.
    chunks: Mapping[str, str] = {}

    # True until it is made: one whose making failed is deleted, and so closed, all the same.
    _closed = True

    #: What the widget was made for, where it was made by showing that.
    shown_for: object = None

    #: By this name the live view finds the static card, and hides it; the model's id too. Set once.
    static_id = text()

    def __init__(self, **traits: Any) -> None:
        unknown = sorted(name for name in traits if not self.has_trait(name))
        if unknown:
            raise TypeError(f"{type(self).__name__} has no {', '.join(unknown)}.")
        self._publishing = threading.RLock()
        # Names of traits that the browser does not know yet, and when it was told the last time.
        self._unsent: set[str] = set()
        self._sent_at = float("-inf")
        self._flushing_later = False
        self._closed = False
        self._still = StillOutput(self._static_card)
        # The same for the model: by it the browser finds the model itself (js/src/lib/late.ts).
        super().__init__(static_id=self._still.id, model_id=self._still.id, **traits)
        self.on_msg(self._receive)

    def publish(self, **traits: Any) -> None:
        """Set traits together, from any thread. The one way in which state changes."""
        with self._publishing:
            if self._closed:
                return
            with self.hold_sync():
                for name, value in traits.items():
                    self._set(name, value)
        self._still.changed()

    def _set(self, name: str, value: object) -> None:
        """Set a trait. An observer of the user's that fails keeps no other trait from being set."""
        try:
            setattr(self, name, value)
        except Exception:  # noqa: BLE001 - whatever it is, it is logged
            log_failure(_log, f"An observer of {type(self).__name__}.{name} failed")

    @contextmanager
    def kept_open(self) -> Iterator[bool]:
        """While this lasts nobody closes the widget; tells whether somebody did before."""
        with self._publishing:
            yield not self._closed

    @contextmanager
    def in_order(self) -> Iterator[None]:
        """While this lasts nobody else sets traits: what was seen earlier is not told later."""
        with self._publishing:
            yield

    def send_state(self, key: str | Iterable[str] | None = None) -> None:
        """Send traits to the browser: at most 20 times a second, and the last state always.

        Faster than a thousand times a second, the Jupyter server drops messages, also the last.

        Args:
            key: Name, or names, of the traits; None for all of them, which are sent at once.
        """
        if key is None or self.comm is None:  # what is said of it at its opening is all of it
            super().send_state(key)
            return
        with self._publishing:
            self._unsent |= {key} if isinstance(key, str) else set(key)
            wait = self._sent_at + _BETWEEN_S - time.monotonic()
            if wait <= 0:
                self.flush()
            elif not self._flushing_later:
                self._flushing_later = True
                watcher().later(wait, self.flush)

    def flush(self) -> None:
        """Send what the browser does not know yet, from any thread."""
        with self._publishing:
            self._flushing_later = False
            unsent, self._unsent = self._unsent, set()
            if not unsent or self._closed:
                return
            self._sent_at = time.monotonic()
            try:
                super().send_state(unsent)
            except BaseException:
                self._unsent |= unsent  # the last state is to arrive, with the next one at last
                raise

    def close(self) -> None:
        """Take the widget off the page and end its background work. Twice does no harm."""
        if self._closed:
            return
        with self._publishing:
            was_closed, self._closed = self._closed, True
        if was_closed:  # by another thread, at this moment
            return
        self._still.update()  # what is seen from now on
        self._release()
        layout = self.layout
        super().close()
        layout.close()

    def _release(self) -> None:
        """End what the widget began. Called once."""

    @traitlets.observe("comm")
    def _answer_on_any_thread(self, _change: Any) -> None:
        """Let messages be handled on a subshell while a cell runs."""
        answer_on_any_thread(self)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if not isinstance(content, dict) or not isinstance(content.get("id"), str):
            return
        kind = content.get("kind")
        if isinstance(kind, str) and kind in self.asking:
            COMMANDS.submit(partial(self._carry_out, content), lane=self._lane())
        elif isinstance(kind, str) and kind in self.working:
            _WORK.submit(partial(self._carry_out, content))
        else:
            self._carry_out(content)

    def _lane(self) -> str:
        """What commands wait for each other for: the host that is asked."""
        return ""

    def _carry_out(self, content: Mapping[str, Any]) -> None:
        """Do what a message asks for, and answer it. For what takes long in a worker thread."""
        if self._closed:  # nobody is there to be answered, and nothing is to happen any more
            return
        fields = {name: value for name, value in content.items() if name not in {"id", "kind"}}
        answer, *buffers = self._answer(content.get("kind"), fields)
        self.flush()  # what the command changed is known before its answer
        with self._publishing:
            if not self._closed:
                reply = {"id": content["id"], **answer}
                self.send(reply, buffers) if buffers else self.send(reply)

    def _answer(self, kind: Any, fields: Mapping[str, Any]) -> tuple[Any, ...]:
        """Call the method for a message. Returns the answer, and bytes to send beside it."""
        name = self.commands.get(kind) if isinstance(kind, str) else None
        if name is None:
            return ({"ok": False, "error": _info(f"There is no command {kind!r}.")},)
        method: Callable[..., object] = attrgetter(name)(self)
        try:
            check_fields(method, fields)
            found = method(**fields)
        except Exception as error:  # noqa: BLE001 - a message is always answered
            return ({"ok": False, "error": error_info(error)},)
        if isinstance(found, Revealed):
            return ({"ok": True, "data": found.value},)
        if isinstance(found, Bytes):
            return {"ok": True, "data": sendable(found.data)}, found.content
        return ({"ok": True} if found is None else {"ok": True, "data": sendable(found)},)

    def _chunk(self, name: str) -> Revealed:
        """The source of a module that the browser loads when it needs it.

        Args:
            name: Which, of `chunks`.

        Raises:
            OpenEOWidgetsError: There is no such module.
        """
        if name not in self.chunks:
            raise OpenEOWidgetsError(f"There is no module {name!r}.")
        return Revealed({"source": _source(self.chunks[name])})

    def _ipython_display_(self) -> None:
        """Display the live view, and below it what stays where no kernel is.

        Raises:
            NotImplementedError: There is no kernel, or the widget is closed: IPython then shows
                what `_repr_mimebundle_` says.
        """
        if kernel() is None:
            raise NotImplementedError
        if not self._closed:
            data, metadata = self._view()
            # The text is empty: beside the static card another word would be one too many.
            display({**data, "text/plain": ""}, metadata)
        self._still.show()

    def _repr_mimebundle_(self, **_options: Any) -> Any:
        """The live view and the static card in one, for whoever asks: it stays as it is now."""
        card = self._static_card()
        data, metadata = ({}, {}) if self._closed else self._view()
        still = {"text/plain": as_text(card), "text/html": as_html(card, self.static_id)}
        return {**data, **still}, metadata

    def _view(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The MIME bundle that names the live view."""
        bundle = super()._repr_mimebundle_()
        return bundle if isinstance(bundle, tuple) else (bundle or {}, {})

    def _static_card(self) -> StaticCard:
        """The last known state, for where no kernel is."""
        raise NotImplementedError

    def __repr__(self) -> str:
        card = self._static_card()
        return f"<{type(self).__name__}: {card.title} ({card.place}): {card.standing}>"


def answer_on_any_thread(widget: Any) -> None:
    """Let the messages of a widget be handled on a subshell while a cell runs.

    ipykernel 7.4 handles a message on the subshell of the comm's last publisher, and the
    publisher of most of our messages is a thread of ours. The attribute is private to
    ipykernel, and not there in other versions.
    """
    if hasattr(widget.comm, "_reply_subshell_for"):
        widget.comm._reply_subshell_for = None  # noqa: SLF001 - see above


def error_info(error: BaseException) -> dict[str, str]:
    """An error as the browser shows it: see ``ErrorInfo`` in js/src/protocol.ts."""
    if isinstance(error, OpenEOWidgetsError):
        return _info(error.message, code=error.code, ref=error.id, hint=error.hint)
    if isinstance(error, OSError) and error.strerror:
        return _info(f"{error.strerror}: {error.filename}" if error.filename else error.strerror)
    return _info(f"{type(error).__name__}: {error}")


def _info(message: str, *, code: str = "", ref: str = "", hint: str = "") -> dict[str, str]:
    texts = {"message": message, "code": code, "id": ref, "hint": hint}
    return {name: clip(value) for name, value in texts.items()}


def milliseconds(seconds: float | None) -> float | None:
    """Seconds since the epoch as the milliseconds that JavaScript counts."""
    return None if seconds is None else round(seconds * 1000)
