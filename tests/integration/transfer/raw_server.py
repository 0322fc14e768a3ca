"""A server that answers with exactly these bytes, and then goes: politely or not."""

import socket
import struct
import threading
from contextlib import contextmanager, suppress

import requests


@contextmanager
def raw_server(*answers, reset=False):
    """Give out what `download` asks with.

    Args:
        answers: What each connection gets, in order; the last one again and again.
        reset: Whether connections end with an error, as when the other machine is switched off.

    Yields:
        What asks; its ``seen`` are the requests so far.
    """
    coming, seen = list(answers), []

    def serve():
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with suppress(OSError), connection:
                    seen.append(connection.recv(1 << 16).decode())
                    connection.sendall(coming.pop(0) if len(coming) > 1 else coming[0])
                    if reset:
                        # Only what was read is surely there: so the other one says when.
                        read.wait(20)
                        linger = struct.pack("ii", 1, 0)
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def ask(headers):
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/file?X-Amz-Signature=SECRET"
        try:
            return requests.get(address, headers=headers, stream=True, timeout=20)
        finally:
            read.set()

    read = threading.Event()
    ask.seen = seen
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True, name="raw").start()
        yield ask
        with suppress(OSError):  # wakes up the one that waits for a connection
            listening.shutdown(socket.SHUT_RDWR)


def answer(body=b"", status="200 OK", **headers):
    """The bytes of an answer; headers with underscores for hyphens."""
    heads = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *heads, "Connection: close", "", ""]).encode() + body
