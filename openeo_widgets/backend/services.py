"""Everything behind the endpoints, put together."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from openeo_widgets.backend import auth, sample
from openeo_widgets.backend.jobs import JobQueue
from openeo_widgets.backend.links import Signer
from openeo_widgets.backend.pool import Pool
from openeo_widgets.backend.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from openeo_widgets.backend.settings import Settings

_SECRET_BYTES = 32


class Services:
    """The parts that the endpoints use.

    Args:
        settings: how to set them up; the data folder is made if absent.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # Results and password hashes are no business of the machine's other users.
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = _secret(settings.data / "secret")
        self.results = settings.data / "jobs"
        self.store = Store(settings.data / "backend.sqlite")
        self.store.set_accounts(
            {name: auth.hash_password(word) for name, word in settings.accounts.items()}
        )
        self.auth = auth.Authenticator(self.store, secret + b"token", settings.token_seconds)
        self.signer = Signer(secret + b"link", settings.link_seconds)
        pool = Pool(sample.ensure(settings.data), settings.scheduler, settings.data / "worker.log")
        self.queue = JobQueue(self.store, pool, self.results, settings.workers)

    def start(self) -> None:
        """Begins to work on jobs."""
        self.queue.start()

    def close(self) -> None:
        """Stops working, and closes the store."""
        self.queue.close()
        self.store.close()


def _secret(path: Path) -> bytes:
    """The key that signs tokens and links; made at the first start, readable by its owner only."""
    secret = path.read_bytes() if path.exists() else b""
    if len(secret) >= _SECRET_BYTES:
        return secret
    # There is none, or only the beginning of one, with which anybody could sign.
    secret = secrets.token_bytes(_SECRET_BYTES)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
    fresh.replace(path)
    return secret
