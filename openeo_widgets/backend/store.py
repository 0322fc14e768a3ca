"""Accounts, jobs and logs in one SQLite file, so that they survive a restart.

A job's ``run`` counts its starts. Whoever computes writes for one run only: what arrives for
an older run, or for a job that is not running any more, is dropped by the statement itself.
So no late worker can overwrite a canceled or restarted job.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from openeo_widgets.backend.times import now

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LEVELS = ("debug", "info", "warning", "error")
"""Log levels from the least to the most severe."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, password TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT UNIQUE NOT NULL,
    user TEXT NOT NULL,
    status TEXT NOT NULL,
    run INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    queued TEXT,
    started TEXT,
    progress REAL,
    request TEXT NOT NULL,
    usage TEXT,
    files TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX IF NOT EXISTS jobs_of_user ON jobs (user, number);
CREATE TABLE IF NOT EXISTS logs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL,
    level INTEGER NOT NULL,
    entry TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS logs_of_job ON logs (job, number);
CREATE TABLE IF NOT EXISTS spent (user TEXT PRIMARY KEY, credits REAL NOT NULL);
"""

_JSON_COLUMNS = ("request", "usage", "files")


class Store:
    """The back-end's memory.

    Args:
        path: the SQLite file; made if absent.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        with self._transaction() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(_SCHEMA)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._db:
            yield self._db

    # -- accounts ---------------------------------------------------------------------------

    def set_accounts(self, hashes: Mapping[str, str]) -> None:
        """Replaces all accounts by ``hashes``: password hash by user id."""
        with self._transaction() as db:
            db.execute("DELETE FROM users")
            db.executemany("INSERT INTO users VALUES (?, ?)", list(hashes.items()))

    def password_hash(self, user: str) -> str | None:
        """The password hash of an account, None if there is no such account."""
        with self._lock:
            row = self._db.execute("SELECT password FROM users WHERE id = ?", [user]).fetchone()
        return None if row is None else str(row["password"])

    def spent(self, user: str) -> float:
        """What a user has spent, in credits; jobs that are gone by now included."""
        with self._lock:
            row = self._db.execute("SELECT credits FROM spent WHERE user = ?", [user]).fetchone()
        return 0.0 if row is None else float(row["credits"])

    # -- jobs -------------------------------------------------------------------------------

    def add_job(self, user: str, request: dict[str, Any]) -> str:
        """Stores a new job in state ``created`` and returns its id."""
        job_id = f"j-{secrets.token_hex(12)}"
        moment = now()
        with self._transaction() as db:
            db.execute(
                "INSERT INTO jobs (id, user, status, created, updated, request)"
                " VALUES (?, ?, 'created', ?, ?, ?)",
                [job_id, user, moment, moment, json.dumps(request)],
            )
        return job_id

    def job(self, job_id: str, user: str | None = None) -> dict[str, Any] | None:
        """A job, with its JSON columns parsed; None if absent, or not of ``user`` if given."""
        with self._lock:
            row = self._db.execute("SELECT * FROM jobs WHERE id = ?", [job_id]).fetchone()
        if row is None or (user is not None and row["user"] != user):
            return None
        return _job(row)

    def jobs(self, user: str, limit: int, before: int | None) -> list[dict[str, Any]]:
        """A page of a user's jobs, newest first, from the one before number ``before`` on."""
        with self._lock:
            rows = self._db.execute(
                "SELECT * FROM jobs WHERE user = ? AND number < ? ORDER BY number DESC LIMIT ?",
                [user, before if before is not None else 2**62, limit],
            ).fetchall()
        return [_job(row) for row in rows]

    def update_request(self, job_id: str, request: dict[str, Any]) -> bool:
        """Replaces what the user asked for; False if the job is queued or running."""
        with self._transaction() as db:
            cursor = db.execute(
                "UPDATE jobs SET request = ? WHERE id = ? AND status NOT IN ('queued', 'running')",
                [json.dumps(request), job_id],
            )
        return cursor.rowcount == 1

    def remove_job(self, job_id: str) -> None:
        """Forgets a job and its logs."""
        with self._transaction() as db:
            db.execute("DELETE FROM jobs WHERE id = ?", [job_id])
            db.execute("DELETE FROM logs WHERE job = ?", [job_id])

    def storage_used(self, user: str) -> int:
        """The size of all result files of a user, in bytes."""
        with self._lock:
            rows = self._db.execute("SELECT files FROM jobs WHERE user = ?", [user]).fetchall()
        return sum(int(file["size"]) for row in rows for file in json.loads(row["files"]))

    # -- the life of a run ------------------------------------------------------------------

    def enqueue(self, job_id: str) -> int | None:
        """Begins a new run; its number, or None if the job is queued or running already."""
        moment = now()
        with self._transaction() as db:
            cursor = db.execute(
                "UPDATE jobs SET status = 'queued', run = run + 1, updated = ?, queued = ?,"
                " started = NULL, progress = 0, usage = NULL, files = '[]'"
                " WHERE id = ? AND status NOT IN ('queued', 'running')",
                [moment, moment, job_id],
            )
            if cursor.rowcount == 0:
                return None
            db.execute("DELETE FROM logs WHERE job = ?", [job_id])
            row = db.execute("SELECT run FROM jobs WHERE id = ?", [job_id]).fetchone()
        return int(row["run"])

    def begin(self, job_id: str, run: int) -> bool:
        """Sets a queued run to ``running``; False if it is not queued any more."""
        moment = now()
        with self._transaction() as db:
            cursor = db.execute(
                "UPDATE jobs SET status = 'running', updated = ?, started = ?"
                " WHERE id = ? AND run = ? AND status = 'queued'",
                [moment, moment, job_id, run],
            )
        return cursor.rowcount == 1

    def set_progress(self, job_id: str, run: int, progress: float) -> None:
        """Sets the progress of a running run, in percent; it never goes back."""
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET progress = max(coalesce(progress, 0), ?)"
                " WHERE id = ? AND run = ? AND status = 'running'",
                [progress, job_id, run],
            )

    def add_file(self, job_id: str, run: int, file: dict[str, Any]) -> None:
        """Adds a complete result file to a running run."""
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET files = json_insert(files, '$[#]', json(?))"
                " WHERE id = ? AND run = ? AND status = 'running'",
                [json.dumps(file), job_id, run],
            )

    def end(
        self,
        job_id: str,
        run: int,
        status: str,
        usage: dict[str, Any] | None,
        costs: float = 0,
    ) -> bool:
        """Ends a running run as ``finished`` or ``error``; False if it is not running any more.

        ``costs``, in credits, are what its user has spent by that.
        """
        with self._transaction() as db:
            cursor = db.execute(
                "UPDATE jobs SET status = ?, updated = ?, usage = ?,"
                " progress = CASE ? WHEN 'finished' THEN 100 ELSE progress END"
                " WHERE id = ? AND run = ? AND status = 'running'",
                [status, now(), json.dumps(usage) if usage else None, status, job_id, run],
            )
            if cursor.rowcount == 1:
                db.execute(
                    "INSERT INTO spent SELECT user, ? FROM jobs WHERE id = ?"
                    " ON CONFLICT (user) DO UPDATE SET credits = credits + excluded.credits",
                    [costs, job_id],
                )
        return cursor.rowcount == 1

    def cancel(self, job_id: str) -> str | None:
        """Takes a job out of the queue or stops it.

        Returns:
            The new status: ``created`` for a job that was queued, ``canceled`` for one that ran;
            None if it was neither (then canceling has no effect, as the API wants it).
        """
        with self._transaction() as db:
            row = db.execute("SELECT status FROM jobs WHERE id = ?", [job_id]).fetchone()
            status = {"queued": "created", "running": "canceled"}.get(row["status"] if row else "")
            if status is not None:
                db.execute(
                    "UPDATE jobs SET status = ?, updated = ? WHERE id = ?",
                    [status, now(), job_id],
                )
        return status

    def unfinished(self) -> list[dict[str, Any]]:
        """All jobs that are queued or running, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT * FROM jobs WHERE status IN ('queued', 'running') ORDER BY queued, number"
            ).fetchall()
        return [_job(row) for row in rows]

    # -- logs -------------------------------------------------------------------------------

    def add_log(self, job_id: str, run: int, entry: dict[str, Any]) -> None:
        """Appends a log entry of a run, unless the job has since begun another or is gone.

        ``entry`` needs ``level`` and ``message``; the id is its row number, so that ids of one
        job only grow.
        """
        with self._transaction() as db:
            db.execute(
                "INSERT INTO logs (job, level, entry) SELECT id, ?, ? FROM jobs"
                " WHERE id = ? AND run = ?",
                [LEVELS.index(entry["level"]), json.dumps({"time": now(), **entry}), job_id, run],
            )

    def logs(self, job_id: str, after: int, level: str, limit: int) -> list[dict[str, Any]]:
        """Log entries of a job behind number ``after``, of ``level`` or more severe."""
        with self._lock:
            rows = self._db.execute(
                "SELECT * FROM logs WHERE job = ? AND number > ? AND level >= ?"
                " ORDER BY number LIMIT ?",
                [job_id, after, LEVELS.index(level), limit],
            ).fetchall()
        return [{"id": str(row["number"]), **json.loads(row["entry"])} for row in rows]

    def last_error(self, job_id: str) -> dict[str, Any] | None:
        """The last log entry of level ``error`` of a job."""
        with self._lock:
            row = self._db.execute(
                "SELECT * FROM logs WHERE job = ? AND level = ? ORDER BY number DESC LIMIT 1",
                [job_id, LEVELS.index("error")],
            ).fetchone()
        return None if row is None else {"id": str(row["number"]), **json.loads(row["entry"])}


def _job(row: sqlite3.Row) -> dict[str, Any]:
    job = dict(row)
    for column in _JSON_COLUMNS:
        job[column] = None if job[column] is None else json.loads(job[column])
    return job
