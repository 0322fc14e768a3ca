"""Servers of files on loopback, in processes of their own: they must not be what is measured.

nginx where it is installed, else one in Python; and one that answers late, which nginx cannot.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# What makes it a back-end for the official client.
ROOT = b'{"api_version": "1.2.0", "endpoints": []}'

_CONF = """
worker_processes 2;
daemon off;
pid {home}/nginx.pid;
error_log {home}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  sendfile on;
  client_body_temp_path {home}/t1; proxy_temp_path {home}/t2; fastcgi_temp_path {home}/t3;
  uwsgi_temp_path {home}/t4; scgi_temp_path {home}/t5;
  server {{
    listen 127.0.0.1:{port} sndbuf=64k;
    root {folder};
    location = / {{ default_type application/json; return 200 '{root}'; }}
    location / {{ limit_rate {rate}; }}
  }}
}}
"""


@contextmanager
def serving(folder: Path, *, bytes_per_s: int = 0, delay_s: float = 0.0) -> Iterator[str]:
    """Serve a folder, with ranges.

    Args:
        folder: What to serve.
        bytes_per_s: Of each connection; 0 for as many as it can.
        delay_s: Before each answer.

    Yields:
        The address.
    """
    port = _free_port()
    nginx = None if delay_s else shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx:
        home = folder / ".nginx"
        home.mkdir(exist_ok=True)
        for path in (folder, folder.parent):  # its workers are somebody else
            path.chmod(0o755)
        conf = home / "nginx.conf"
        known = {"home": home, "port": port, "folder": folder, "root": ROOT.decode()}
        conf.write_text(_CONF.format(**known, rate=bytes_per_s))
        command = [nginx, "-e", str(home / "error.log"), "-c", str(conf)]
    else:
        command = [sys.executable, __file__, str(folder), str(port), str(bytes_per_s), str(delay_s)]
    process = subprocess.Popen(command)  # noqa: S603 - ours
    try:
        _await_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _await_port(port: int) -> None:
    for _ in range(500):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise TimeoutError


class _Files:
    def __init__(self, folder: Path, bytes_per_s: int, delay_s: float) -> None:
        self._folder = folder
        self._bytes_per_s = bytes_per_s
        self._delay_s = delay_s

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                if self._delay_s:
                    await asyncio.sleep(self._delay_s)
                await self._answer(writer, head)
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, head: str) -> None:
        method, path, _ = head.split(" ", 2)
        if path == "/":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(ROOT) + ROOT)
            return
        file = self._folder / path.strip("/")
        if not file.is_file():
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        size = file.stat().st_size
        asked = re.search(r"(?im)^range: bytes=(\d+)-(\d*)", head)
        start, end = (int(asked[1]), int(asked[2] or size - 1) + 1) if asked else (0, size)
        heads = [f"Content-Length: {end - start}", 'ETag: "1"', "Accept-Ranges: bytes"]
        if asked:
            heads.append(f"Content-Range: bytes {start}-{end - 1}/{size}")
        lines = [f"HTTP/1.1 {206 if asked else 200} OK", *heads, "", ""]
        writer.write("\r\n".join(lines).encode())
        if method == "GET":
            await self._send(writer, file, start, end)

    async def _send(self, writer: asyncio.StreamWriter, file: Path, start: int, end: int) -> None:
        block = 1 << 20 if not self._bytes_per_s else 1 << 17
        began = time.monotonic()
        with file.open("rb") as opened:
            for at in range(start, end, block):
                count = min(block, end - at)
                loop = asyncio.get_running_loop()
                if self._bytes_per_s:
                    due = began + (at - start) / self._bytes_per_s
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
                if end - start < block:
                    opened.seek(at)
                    writer.write(opened.read(count))
                    await writer.drain()
                else:
                    await loop.sendfile(writer.transport, opened, at, count)


async def _serve(folder: str, port: str, bytes_per_s: str, delay_s: str) -> None:
    files = _Files(Path(folder), int(bytes_per_s), float(delay_s))
    server = await asyncio.start_server(files.talk, "127.0.0.1", int(port))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
