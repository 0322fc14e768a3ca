"""GeoTIFFs made for tests, and a server on loopback that gives parts of them."""

import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

#: Instead of a transform, for a file that has none.
NOWHERE = "nowhere"

#: Whether the one picture on a card's map is there to be seen.
DECODED = """card => {
  const images = [...card.querySelectorAll('img.leaflet-image-layer')];
  return images.length === 1 && images[0].complete && images[0].naturalWidth > 0;
}"""


def write_tiff(path, values, *, crs="EPSG:4326", transform=None, driver="GTiff", **profile):
    """Write bands, rows, columns as a GeoTIFF; `then` is called with the open file."""
    values = np.asarray(values)
    values = values[None] if values.ndim == 2 else values
    then = profile.pop("then", lambda _raster: None)
    shape = {"count": len(values), "height": values.shape[1], "width": values.shape[2]}
    options = {"dtype": values.dtype, "crs": crs, **shape, **profile}
    if transform != NOWHERE:
        options["transform"] = transform or from_origin(16.0, 48.5, 0.01, 0.01)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", driver=driver, **options) as raster:
            then(raster)
            raster.write(values)
    return path


def decoded(image):
    """The bands, rows and columns of a picture: PNG, WebP."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with MemoryFile(image) as memory, memory.open() as picture:
            return picture.read()


class RangeServer:
    """A server of files by ranges; `sent` counts the bytes of their content that went out."""

    def __init__(self):
        self.files = {}
        self.sent = 0
        self.asked = []
        self.paths = []
        # As long as it is not set, answers wait.
        self.open = threading.Event()
        self.open.set()
        self.status = None
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                """Say nothing."""

            def do_GET(self):
                server._answer(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.open.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request):
        content = self.files.get(request.path.split("?")[0])
        asked = request.headers.get("Range")
        self.asked.append(asked)
        self.paths.append(request.path.split("?")[0])
        self.open.wait(60)
        if content is None or self.status:
            request.send_response(self.status or 404)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        begin, end = 0, len(content)
        if asked:
            first, _, last = asked.removeprefix("bytes=").partition("-")
            begin, end = int(first), min(int(last or end) + 1, end)
        part = content[begin:end]
        request.send_response(206 if asked else 200)
        request.send_header("Content-Length", str(len(part)))
        if asked:
            request.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(content)}")
        request.end_headers()
        self.sent += len(part)
        request.wfile.write(part)
