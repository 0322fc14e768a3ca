"""One file of 256 MB from loopback: ours (verified), the official client's, and curl's."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openeo.rest.connection
import openeo.rest.job
from _table import compare

from openeo_widgets.api import BatchJob, Connection, ResultAsset

MEGABYTES = 256


class OneFile(BaseHTTPRequestHandler):
    """Serves one file, in the kernel's own way: the server must not be what is measured."""

    protocol_version = "HTTP/1.1"
    path_of_file: Path

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """The size."""
        self.send_response(200)
        self.send_header("Content-Length", str(self.path_of_file.stat().st_size))
        self.end_headers()

    def do_GET(self) -> None:
        """The file, and at the root what makes this a back-end for the official client."""
        if self.path == "/":
            content = b'{"api_version": "1.2.0", "endpoints": []}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return
        self.do_HEAD()
        self.wfile.flush()
        with self.path_of_file.open("rb") as file:
            self.connection.sendfile(file)


def main() -> None:
    """Make the file, serve it, and let all three fetch it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        OneFile.path_of_file = folder / "served.bin"
        OneFile.path_of_file.write_bytes(os.urandom(1_000_000) * MEGABYTES)
        checksum = f"1220{hashlib.sha256(OneFile.path_of_file.read_bytes()).hexdigest()}"
        server = ThreadingHTTPServer(("127.0.0.1", 0), OneFile)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/served.bin"
        size = OneFile.path_of_file.stat().st_size
        metadata = {"href": url, "file:size": size, "file:checksum": checksum}
        job = BatchJob("j", Connection(f"http://127.0.0.1:{server.server_port}"))
        ours = ResultAsset(job, "a.bin", url, metadata)
        plain = ResultAsset(job, "a.bin", url, {"href": url})
        official = openeo.rest.connection.Connection(url.rpartition("/")[0])
        their_job = openeo.rest.job.BatchJob("j", official)
        theirs = openeo.rest.job.ResultAsset(their_job, "a.bin", url, metadata)
        contestants = {
            "ours, SHA-256 verified": lambda: ours.download(folder / "a"),
            "ours, size alone": lambda: plain.download(folder / "b"),
            "official client": lambda: theirs.download(folder / "c"),
        }
        curl = shutil.which("curl")
        if curl:
            command = [curl, "-s", "-o", str(folder / "d"), url]
            contestants["curl"] = lambda: subprocess.run(command, check=True)  # noqa: S603 - ours
        compare("download", contestants)
        server.shutdown()


if __name__ == "__main__":
    warnings.simplefilter("error")
    main()
