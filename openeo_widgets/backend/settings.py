"""How a back-end is set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

API_VERSIONS = ("1.2.0", "1.3.0")
DEMO_ACCOUNTS = {"demo": "demo"}
"""The one account of a back-end on loopback: user name and password."""


@dataclass(frozen=True)
class Settings:
    """What a back-end needs to know.

    Args:
        data: the folder for everything that is to survive a restart.
        accounts: password by user name.
        link_seconds: how long a signed link lives.
        token_seconds: how long a token is valid.
        scheduler: address of a Dask cluster, or None for threads.
        workers: how many jobs run at a time.
        api_version: one of ``API_VERSIONS``.
        public_url: where clients reach the back-end, if that differs from where they ask.
    """

    data: Path
    accounts: Mapping[str, str]
    link_seconds: float = 86400.0
    token_seconds: float = 7 * 86400.0
    scheduler: str | None = None
    workers: int = 2
    api_version: str = "1.2.0"
    public_url: str | None = None
