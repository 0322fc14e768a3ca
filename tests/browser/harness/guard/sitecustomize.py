"""Lets a Python process talk to loopback only, and writes down what else it tried.

Put on the path of the Jupyter server, of its kernels and of the back-end. An audit hook cannot be
taken off again, and sees every socket that Python opens; what is not Python's (GDAL's curl) goes
through the recording proxy instead. OPENEO_WIDGETS_ONLY names the ports on loopback that may be
reached, where it is not all of them.
"""

import ipaddress
import os
import pathlib
import sys

_RECORD = pathlib.Path(os.environ["OPENEO_WIDGETS_REFUSED"])
_ONLY = os.environ.get("OPENEO_WIDGETS_ONLY")
_PORTS = None if _ONLY is None else {int(port) for port in _ONLY.split(",") if port}


def _is_here(host):
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _hosts(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        # AF_UNIX addresses are strings; AF_NETLINK ones have no host.
        return [address[0]] if isinstance(address, tuple) and isinstance(address[0], str) else []
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        return [arguments[0]]
    return []


def _is_closed(event, arguments):
    return _PORTS is not None and event == "socket.connect" and arguments[1][1] not in _PORTS


def _refuse(event, arguments):
    if not event.startswith("socket."):
        return
    for host in _hosts(event, arguments):
        if not _is_here(host) or _is_closed(event, arguments):
            with _RECORD.open("a", encoding="utf-8") as record:
                record.write(f"{event} {host}\n")
            raise PermissionError(f"The tests let nothing get there: {host}")


sys.addaudithook(_refuse)
