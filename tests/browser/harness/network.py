"""Nothing leaves the machine: who watches, and what they saw."""

import os
import socketserver
import threading
from pathlib import Path
from urllib.parse import urlsplit

_GUARD = Path(__file__).parent / "guard"
_HERE = ("127.0.0.1", "localhost")

# Chromium resolves nothing but loopback: what we failed to see would still not get out.
CHROMIUM_RULES = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


def is_foreign(url):
    """Tell whether the browser would leave this machine for a URL."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in _HERE


class ProcessGuard:
    """Refuses and records what processes try to reach beyond loopback.

    Two nets: an audit hook in every Python process, and a proxy on loopback for whatever reads
    ``http_proxy``, which refuses everything.
    """

    def __init__(self, record):
        self._record = Path(record)
        self._record.touch()
        self._proxy = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._proxy.daemon_threads = True
        threading.Thread(target=self._proxy.serve_forever, daemon=True).start()

    def environment(self):
        """Return the environment of a guarded process."""
        proxy = f"http://127.0.0.1:{self._proxy.server_address[1]}"
        path = [str(_GUARD), os.environ.get("PYTHONPATH", "")]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
            "OPENEO_WIDGETS_REFUSED": str(self._record),
            **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), proxy),
            **dict.fromkeys(("no_proxy", "NO_PROXY"), ",".join(_HERE)),
        }

    def take(self):
        """Return what was refused since last asked."""
        refused = self._record.read_text(encoding="utf-8").splitlines()
        self._record.write_text("", encoding="utf-8")
        return refused

    def close(self):
        self._proxy.shutdown()
        self._proxy.server_close()

    def _handler(self):
        record = self._record

        class Refuse(socketserver.StreamRequestHandler):
            def handle(self):
                asked = self.rfile.readline(8192).decode("latin-1").strip()
                with record.open("a", encoding="utf-8") as file:
                    file.write(f"proxy {asked}\n")
                self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        return Refuse


class PageGuard:
    """Records what a page asks of others, and every error that it reports.

    Args:
        context: The browser context.
        allowed_errors: Patterns of console errors that are known, each with a reason.
    """

    def __init__(self, context, allowed_errors=()):
        self._allowed = tuple(allowed_errors)
        self._foreign = []
        self._errors = []
        context.on("request", lambda request: self._seen(request.url))
        context.on("console", self._console)
        context.on("weberror", lambda event: self._uncaught(event.error))

    def watch(self, page):
        """Watch the websockets of a page too: the context does not tell of them."""
        page.on("websocket", lambda socket: self._seen(socket.url))

    def take(self):
        """Return foreign requests and errors since last asked."""
        foreign, self._foreign = self._foreign, []
        errors, self._errors = self._errors, []
        return foreign, errors

    def _seen(self, url):
        if is_foreign(url):
            self._foreign.append(url)

    def _uncaught(self, error):
        self._add(f"uncaught: {error.stack or error}")

    def _console(self, message):
        if message.type == "error":
            self._add(f"console: {message.text}")

    def _add(self, error):
        if not any(pattern.search(error) for pattern in self._allowed):
            self._errors.append(error)
