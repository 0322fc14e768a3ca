"""Runs the back-end: uvicorn in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from openeo_widgets.backend.app import make_app
from openeo_widgets.backend.errors import ConfigurationError
from openeo_widgets.backend.services import Services
from openeo_widgets.backend.settings import DEMO_ACCOUNTS, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_GRACE = 1
"""Seconds that running answers have when the server stops."""
_KEEP_ALIVE = 75
"""Seconds that an idle connection is kept, as nginx does.

With uvicorn's 5 s a client that asks every few seconds often reuses a connection in the moment
in which the server closes it.
"""


class LocalBackend:
    """An openEO back-end in this process; use it as a context manager.

    Args:
        data: the folder for everything that is to survive a restart.
        host: the address to bind to; anything but loopback demands ``accounts``.
        port: 0 picks a free one.
        accounts: password by user name; ``demo``/``demo`` unless given.
        settings: further arguments of ``Settings``, such as ``link_seconds``, ``scheduler``,
            ``workers`` or ``api_version``.

    Raises:
        ConfigurationError: for a host that is not loopback without ``accounts``, or an account
            without a password.
    """

    def __init__(
        self,
        data: str | Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        accounts: Mapping[str, str] | None = None,
        **settings: Any,
    ) -> None:
        if host not in LOOPBACK and not accounts:
            raise ConfigurationError(
                f"{host} can be reached by others, so the back-end needs a password: give"
                " --password-file or OPENEO_WIDGETS_BACKEND_PASSWORD."
            )
        if accounts and not all(accounts.values()):
            raise ConfigurationError("An account has an empty password, which is none.")
        self._settings = Settings(Path(data), accounts or DEMO_ACCOUNTS, **settings)
        self._host = host
        self._port = port
        self._services: Services | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.url = ""

    def start(self) -> None:
        """Starts serving; when it returns, ``url`` answers.

        Raises:
            ConfigurationError: if the port is taken, or the data folder cannot be used.
        """
        if self._thread is not None:
            return
        try:
            listener = _listen(self._host, self._port)
        except (OSError, OverflowError) as error:  # a port beyond 65535 is an OverflowError
            reason = getattr(error, "strerror", None) or error
            where = f"{self._host}:{self._port}"
            raise ConfigurationError(
                f"Cannot listen at {where}: {reason}. --host and --port choose another."
            ) from error
        self._port = listener.getsockname()[1]
        name = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"http://{name}:{self._port}"
        try:
            services = Services(self._settings)
        except (OSError, sqlite3.Error) as error:
            listener.close()
            message = f"Cannot use the data folder {self._settings.data}: {error}."
            raise ConfigurationError(message) from error
        services.start()
        config = uvicorn.Config(
            make_app(services),
            log_config=None,
            access_log=False,
            http=_Protocol,
            lifespan="off",
            timeout_graceful_shutdown=_GRACE,
            timeout_keep_alive=_KEEP_ALIVE,
            server_header=False,
        )
        self._services = services
        self._server = _Server(config)
        self._thread = threading.Thread(
            target=_serve, args=(self._server, listener), name="backend", daemon=True
        )
        self._thread.start()
        self._server.ready.wait()

    def stop(self) -> None:
        """Stops serving and computing; what was running will be found as ``error``."""
        thread, self._thread = self._thread, None
        if thread is None or self._server is None or self._services is None:
            return
        self._server.should_exit = True
        thread.join()
        self._services.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _Protocol(H11Protocol):
    """HTTP without an access log, which would hold signed links.

    ``access_log=False`` is not enough: whoever configures Python's logging can bring it back.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False


class _Server(uvicorn.Server):
    """Says when it serves, and leaves signals to whoever owns the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


def _serve(server: _Server, listener: socket.socket) -> None:
    with listener:
        asyncio.run(server.serve(sockets=[listener]))


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket; made before all else, so that a taken port is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(socket.SOMAXCONN)
    except BaseException:
        listener.close()
        raise
    return listener
