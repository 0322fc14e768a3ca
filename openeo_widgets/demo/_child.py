"""A program that the demo starts, listens to, and ends."""

from __future__ import annotations

import asyncio
import collections
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_KEPT_LINES = 20
_LONGEST_LINE = 1 << 20
_STOP_S = 8.0


class ChildError(Exception):
    """A program did not start, or ended by itself. Its text holds the program's last lines."""


class Child:
    """A running program: its output goes to a log file, its last lines are at hand.

    Args:
        name: What to call it in messages.
        process: The program, its output and errors in one pipe.
        log: The file that gets what it says.
        echo: Whether what it says is printed as well.
    """

    def __init__(
        self, name: str, process: asyncio.subprocess.Process, log: Path, *, echo: bool
    ) -> None:
        self.name = name
        self._process = process
        self._last: collections.deque[str] = collections.deque(maxlen=_KEPT_LINES)
        self._wanted: tuple[re.Pattern[str], asyncio.Future[re.Match[str]]] | None = None
        self._reading = asyncio.create_task(self._read(log, echo=echo))

    @classmethod
    async def start(
        cls,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        echo: bool = False,
    ) -> Child:
        """Start a program, in a group of its own.

        Ctrl-C in a terminal reaches every program of the group at once; in groups of their own
        they end when the demo ends them, in order.
        """
        process = await asyncio.create_subprocess_exec(
            *command,
            env=dict(environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LONGEST_LINE,
            start_new_session=True,
        )
        return cls(name, process, log, echo=echo)

    async def said(self, pattern: re.Pattern[str], within_s: float) -> re.Match[str]:
        """Wait for a line that matches.

        Raises:
            ChildError: The program ended before, or said nothing of it in time.
        """
        found: asyncio.Future[re.Match[str]] = asyncio.get_running_loop().create_future()
        self._wanted = (pattern, found)
        for line in self._last:
            self._compare(line)
        either: set[asyncio.Future[Any]] = {found, self._reading}
        await asyncio.wait(either, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        if found.done():
            return found.result()
        if self._reading.done():
            raise ChildError(await self._obituary())
        raise ChildError(self._with_last_lines(f"{self.name} was not ready in {within_s:.0f} s."))

    async def ended(self) -> int:
        """Wait until the program ends by itself, and return its exit code."""
        await asyncio.shield(self._reading)
        return await self._process.wait()

    async def must_go_on(self) -> NoReturn:
        """Raise ChildError when the program ends by itself."""
        await self.ended()
        raise ChildError(await self._obituary())

    async def stop(self) -> None:
        """End the program politely, and after a while firmly."""
        try:
            if self._process.returncode is None:
                self._process.terminate()
            await asyncio.wait_for(self._process.wait(), _STOP_S)
        except (asyncio.TimeoutError, asyncio.CancelledError, ProcessLookupError):
            pass
        finally:
            self._kill_group()
            await self._process.wait()
            await self._reading

    def _kill_group(self) -> None:
        """End what is left of the program, its own children included."""
        try:
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # nothing is left

    async def _read(self, log: Path, *, echo: bool) -> None:
        output = self._process.stdout
        assert output is not None, "the program was started with a pipe"  # noqa: S101 - for mypy
        with log.open("w", encoding="utf-8") as file:
            while line := (await output.readline()).decode("utf-8", "replace"):
                file.write(line)
                file.flush()
                if echo:
                    print(line, end="", flush=True)  # noqa: T201 - this is what echo is
                self._last.append(line.rstrip())
                self._compare(line)

    def _compare(self, line: str) -> None:
        if self._wanted is None:
            return
        pattern, found = self._wanted
        if not found.done() and (match := pattern.search(line)):
            found.set_result(match)

    async def _obituary(self) -> str:
        code = await self._process.wait()
        return self._with_last_lines(f"{self.name} ended by itself, with exit code {code}.")

    def _with_last_lines(self, text: str) -> str:
        last = "\n".join(f"  {line}" for line in self._last) or "  (nothing)"
        return f"{text} Its last lines:\n{last}"
