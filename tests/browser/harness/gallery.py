"""The page with every state of the cards, built from the sources of the front end."""

import functools
import os
import shutil
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_FRONT_END = Path(__file__).parents[3] / "js"


class Gallery:
    """Builds the page, and serves it on loopback."""

    def __init__(self):
        # The Node of the environment, where there is one: as the Makefile has it.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        node = shutil.which("node", path=path) or "node"
        script = _FRONT_END / "scripts" / "gallery.mjs"
        subprocess.run([node, script, "--build"], check=True)  # noqa: S603 - our own command
        folder = str(_FRONT_END / "gallery")
        handler = functools.partial(_Quiet, directory=folder)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""
