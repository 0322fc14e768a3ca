"""The log of one job as a widget holds it: bounded, and filtered while somebody types."""

from __future__ import annotations

import heapq
import threading
from array import array
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from openeo_widgets.api._log_entry import LONGEST_NAME
from openeo_widgets.api._logs import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from openeo_widgets.api._log_entry import HeldEntry

__all__ = [
    "MOST_BYTES",
    "MOST_ENTRIES",
    "MOST_REPEATED",
    "Arrival",
    "LogStore",
    "Row",
    "Window",
    "filter_of",
]

# More than anybody scrolls through. What is older goes first, a tenth at a time.
MOST_ENTRIES = 200_000
MOST_BYTES = 128 * 1024 * 1024
_KEPT_SHARE = 0.9

# Filters whose rows are remembered: what somebody typed, letter by letter.
_MOST_VIEWS = 8

# Errors that are known to come more often than others.
MOST_REPEATED = 20


class Row(NamedTuple):
    """One row: an entry, or several in a row that say the same.

    Attributes:
        number: Number of its first entry, which does not change.
        entry: That entry.
        times: How many there are.
    """

    number: int
    entry: HeldEntry
    times: int


class Window(NamedTuple):
    """Some of the rows that match a filter.

    Attributes:
        start: Position of the first of them.
        rows: The rows.
        matching: How many match in all.
        lost: How many rows there were before the first one, and are kept no more.
    """

    start: int
    rows: list[Row]
    matching: int
    lost: int


class LogStore:
    """Log entries in the order in which they came. To be used from any thread."""

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self._most_entries, self._most_bytes = most_entries, most_bytes
        self._lock = threading.RLock()
        self._entries: list[HeldEntry] = []
        self._base = 0  # number of the first entry that is held
        self._bytes = 0
        self._counts: Counter[str] = Counter()
        self._views: OrderedDict[tuple[str, str], _View] = OrderedDict()
        self._first_key: tuple[str, ...] | None = None
        self._errors = _Often()
        #: How many of this log's entries were let go of.
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._entries)

    def count(self, level: str) -> int:
        """How many entries of a level there are."""
        return self._counts[level]

    def entry(self, number: int) -> HeldEntry | None:
        """The entry of a number, or None where it is not held, or no more."""
        with self._lock:
            position = number - self._base
            return self._entries[position] if 0 <= position < len(self._entries) else None

    def clear(self) -> None:
        """Let go of everything: another log begins. Numbers go on."""
        with self._lock:
            self._drop(len(self._entries))
            self._first_key, self.dropped = None, 0

    def arrival(self) -> Arrival:
        """Make ready for the answer to the next question, for which it names the offset."""
        with self._lock:
            return Arrival(self, self._entries, self._first_key, self.dropped)

    def append(self, entries: Sequence[HeldEntry]) -> None:
        """Take entries in, after those that are held."""
        with self._lock:
            if entries and self._first_key is None:
                self._first_key = entries[0].key
            self._entries.extend(entries)
            self._bytes += sum(entry.size for entry in entries)
            self._counts.update(entry.level for entry in entries)
            self._errors.add(entry.message for entry in entries if entry.level == "error")
            self._keep_bounds()

    def window(self, start: int, count: int, level: str, search: str) -> Window:
        """Some rows.

        Args:
            start: Position of the first one wanted, counted from 0.
            count: How many are wanted at most.
            level: Least severe level; entries of unknown levels always match.
            search: What message, code, id or node contains, in any case; or "".
        """
        with self._lock:
            view = self._view(level, search.lower())
            rows = [
                Row(number, self._entries[number - self._base], times)
                for number, times in zip(
                    view.firsts[start : start + count],
                    view.times[start : start + count],
                    strict=True,
                )
            ]
            return Window(start, rows, len(view.firsts), view.lost)

    def matching(self, level: str, search: str) -> Iterator[HeldEntry]:
        """All entries that match, those that say the same too."""
        with self._lock:
            entries = list(self._entries)
        matches = filter_of(level, search)
        return (entry for entry in entries if matches(entry))

    def repeated_errors(self, most: int) -> list[str]:
        """Messages of errors, those that come most often first; at most `MOST_REPEATED`."""
        with self._lock:
            return self._errors.first[:most]

    def _view(self, level: str, needle: str) -> _View:
        view = self._views.pop((level, needle), None) or _View(level, needle)
        if view.base != self._base:
            # Some of its rows are gone, or begin later.
            known, view = view, _View(level, needle, self._base)
            view.extend(self._entries[: max(0, known.seen - self._base)])
            view.lost = known.lost + len(known.firsts) - len(view.firsts)
        if view.seen < self._base + len(self._entries):
            view.extend(self._entries[view.seen - self._base :])
        self._views[level, needle] = view
        if len(self._views) > _MOST_VIEWS:
            self._views.popitem(last=False)
        return view

    def _keep_bounds(self) -> None:
        if len(self._entries) <= self._most_entries and self._bytes <= self._most_bytes:
            return
        most, left = int(self._most_entries * _KEPT_SHARE), self._bytes
        going = max(0, len(self._entries) - most)
        left -= sum(entry.size for entry in self._entries[:going])
        # The last one stays, however large it is.
        while left > self._most_bytes * _KEPT_SHARE and going < len(self._entries) - 1:
            left -= self._entries[going].size
            going += 1
        self._drop(going)
        self.dropped += going

    def _drop(self, count: int) -> None:
        gone = self._entries[:count]
        del self._entries[:count]
        self._base += count
        self._bytes -= sum(entry.size for entry in gone)
        self._counts.subtract(entry.level for entry in gone)
        self._errors.take(entry.message for entry in gone if entry.level == "error")


class Arrival:
    """The entries of one answer on their way into a store, page by page.

    Back-ends answer with what comes after the offset, or begin with the offset itself, or tell
    the whole log each time; entries may lack ids, or share one. Whatever it is, what is held
    already is not taken in a second time.

    Attributes:
        offset: Id to ask with, "" for the whole log.
    """

    def __init__(
        self,
        store: LogStore,
        entries: Sequence[HeldEntry],
        first_key: tuple[str, ...] | None,
        dropped: int,
    ) -> None:
        self._store = store
        self._entries = entries
        self._first_key = first_key
        self._dropped = dropped
        positions = range(len(entries) - 1, -1, -1)
        # An id that had to be cut is none that the back-end knows.
        usable = (p for p in positions if 0 < len(entries[p].id) <= LONGEST_NAME)
        last = next(usable, None)
        self.offset = "" if last is None else entries[last].id
        self._after = 0 if last is None else last + 1
        self._known: Counter[tuple[str, ...]] | None = None
        self._skip = 0

    def add(self, page: Sequence[HeldEntry]) -> int:
        """Take in what is new on a page; how many entries that was."""
        if not page:
            return 0
        if self._known is None:
            self._known = self._repeats(page[0])
        skipped = min(self._skip, len(page))
        self._skip -= skipped
        new = self._unknown(page[skipped:], self._known)
        self._store.append(new)
        return len(new)

    def _repeats(self, first: HeldEntry) -> Counter[tuple[str, ...]]:
        """What the answer can hold a second time, to judge by how it begins."""
        begin = self._after
        if not self.offset or first.key == self._first_key:  # the whole log
            begin, self._skip = 0, self._dropped
        elif first.id:
            ids = (n for n, entry in enumerate(self._entries) if entry.id == first.id)
            begin = next(ids, begin)
        return Counter(entry.key for entry in self._entries[begin:])

    @staticmethod
    def _unknown(page: Sequence[HeldEntry], known: Counter[tuple[str, ...]]) -> Sequence[HeldEntry]:
        if not known:
            return page
        new = []
        for entry in page:
            if known[entry.key] > 0:
                known[entry.key] -= 1
            else:
                new.append(entry)
        return new


class _Often:
    """Counts texts, and knows those that come most often without going through all of them."""

    def __init__(self) -> None:
        self.first: list[str] = []
        self._counts: Counter[str] = Counter()

    def add(self, texts: Iterable[str]) -> None:
        """Count some more: only these can have come to the front."""
        new = list(texts)
        self._counts.update(new)
        self._choose(dict.fromkeys([*self.first, *new]))

    def take(self, texts: Iterable[str]) -> None:
        """Count some no more: any of the others may have come to the front."""
        self._counts.subtract(texts)
        self._counts += Counter()  # without those that are gone
        self._choose(self._counts)

    def _choose(self, texts: Iterable[str]) -> None:
        self.first = heapq.nlargest(MOST_REPEATED, texts, key=self._counts.__getitem__)


class _View:
    """The rows that match one filter, as numbers of entries.

    Args:
        level: Least severe level.
        needle: What to search for, in lower case.
        base: Number of the first entry to look at.
    """

    def __init__(self, level: str, needle: str, base: int = 0) -> None:
        self.firsts = array("q")
        self.times = array("q")
        self.base = self.seen = base
        self.lost = 0
        self._hidden = _hidden(level)
        self._needle = needle
        self._last: HeldEntry | None = None

    def extend(self, entries: Sequence[HeldEntry]) -> None:
        """Look at the entries that follow."""
        hidden, needle, last = self._hidden, self._needle, self._last
        for number, entry in enumerate(entries, start=self.seen):
            if not _matches(entry, hidden, needle):
                continue
            if (
                last is not None
                and entry.message == last.message
                and entry.level == last.level
                and entry.code == last.code
            ):
                self.times[-1] += 1
            else:
                self.firsts.append(number)
                self.times.append(1)
                last = entry
        self._last = last
        self.seen += len(entries)


def filter_of(level: str, search: str) -> Callable[[HeldEntry], bool]:
    """Whether an entry matches, as for `LogStore.window`."""
    hidden, needle = _hidden(level), search.lower()
    return lambda entry: _matches(entry, hidden, needle)


def _hidden(level: str) -> frozenset[str]:
    """The levels that a filter leaves out; never those that we do not know."""
    return frozenset(LEVELS[: LEVELS.index(level)] if level in LEVELS else ())


def _matches(entry: HeldEntry, hidden: frozenset[str], needle: str) -> bool:
    if entry.level in hidden:
        return False
    if not needle:
        return True
    return needle in f"{entry.message}\n{entry.code}\n{entry.id}\n{entry.node}".lower()
