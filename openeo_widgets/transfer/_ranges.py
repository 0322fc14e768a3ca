"""Which bytes of a file are here, and which connection fetches which of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["LEAST_SHARE", "Ranges", "Segment", "Spans"]

#: Disjoint half-open ranges of bytes, in order.
Spans: TypeAlias = Sequence[tuple[int, int]]

# Bytes; less than twice as much left of a range is not worth another connection.
LEAST_SHARE = 2 << 20


@dataclass(eq=False, slots=True)
class Segment:
    """A range of bytes that one connection fetches.

    Attributes:
        start: Its first byte.
        position: The byte that comes next.
        end: The byte after its last one; None where the file's length is not known. It comes
            nearer when another connection takes over the rest.
        taken_from: The segment whose rest this is, as long as no answer to the request for it
            has come: the other goes on until then, for the server may not give ranges at all.
    """

    start: int
    position: int
    end: int | None
    taken_from: Segment | None = None


class Ranges:
    """Book of a file's bytes. Whoever calls it holds the lock.

    Args:
        done: What is here already.
        total: Length of the file in bytes, or None.
    """

    def __init__(self, done: Spans = (), total: int | None = None) -> None:
        self.total = total
        self._done = merged(done)
        self._active: list[Segment] = []

    @property
    def done(self) -> Spans:
        """What is here: what has been fetched before, and what has come of the active ones."""
        return merged([*self._done, *((one.start, one.position) for one in self._active)])

    @property
    def done_bytes(self) -> int:
        """How many bytes are here."""
        return sum(end - start for start, end in self._done) + sum(
            one.position - one.start for one in self._active
        )

    @property
    def prefix(self) -> int:
        """How many bytes from the first one on are here without a gap."""
        done = self.done
        return done[0][1] if done and done[0][0] == 0 else 0

    @property
    def complete(self) -> bool:
        """Whether all bytes of a known length are here."""
        return self.total is not None and self.done_bytes >= self.total

    def take(self) -> Segment | None:
        """Give out the next range: a gap that nobody fetches, or the half of what is left."""
        segment = self._gap() or self._half()
        if segment is not None:
            self._active.append(segment)
        return segment

    def confirm(self, segment: Segment) -> bool:
        """Note that the answer for a segment is there; whether it is still wanted."""
        other, segment.taken_from = segment.taken_from, None
        if other is None or other not in self._active:
            return other is None or not self._is_done(segment)
        if other.position > segment.start:
            return False
        other.end = min(segment.start, other.end or segment.start)
        return True

    def give_back(self, segment: Segment) -> None:
        """Note that nobody fetches a segment any more; what came of it stays."""
        self._active.remove(segment)
        self._done = merged([*self._done, (segment.start, segment.position)])

    def _is_done(self, segment: Segment) -> bool:
        return any(
            start < (segment.end or start) and segment.start < end for start, end in self.done
        )

    def _gap(self) -> Segment | None:
        """The first range that is neither here nor on its way."""
        busy = merged([*self._done, *((one.start, self._reach(one)) for one in self._active)])
        at = busy[0][1] if busy and busy[0][0] == 0 else 0
        end = next((start for start, _ in busy if start > at), self.total)
        if (end is not None and at >= end) or (end is None and self._active):
            return None
        return Segment(at, at, end)

    def _reach(self, segment: Segment) -> int:
        ends = (segment.end, self.total, segment.position + 1)
        return next(end for end in ends if end is not None)

    def _half(self) -> Segment | None:
        """The second half of what has most left."""
        most, best = 2 * LEAST_SHARE, None
        for one in self._active:
            end = self._free_end(one)
            if one.taken_from is None and end is not None and end - one.position >= most:
                most, best = end - one.position, (one, end)
        if best is None:
            return None
        other, end = best
        middle = end - most // 2
        return Segment(middle, middle, end, taken_from=other)

    def _free_end(self, segment: Segment) -> int | None:
        """Up to where a segment's range is not yet asked for by another connection."""
        asked = [one.start for one in self._active if one.taken_from is segment]
        return min(asked) if asked else segment.end


def merged(spans: Spans) -> list[tuple[int, int]]:
    """Put spans in order, those that touch into one; empty ones are dropped."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
