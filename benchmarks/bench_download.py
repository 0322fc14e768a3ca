"""Downloads from loopback, beside the official client, curl and aria2 in the same run.

1. One file of 1 GiB, as fast as it goes; and the memory that takes, also for 8 GiB.
2. One file, 20 MB/s a connection.
3. 2 000 files of 50 kB, each answer 20 ms late.
4. Killed at 20 random moments: how many bytes are fetched twice.

Smaller by ``BENCH_MB``, ``BENCH_SLOW_MB``, ``BENCH_HUGE_MB``, ``BENCH_FILES``, ``BENCH_KILLS`` and
``BENCH_RUNS`` in the environment; ``BENCH_ONLY`` names the parts to run, such as ``13``.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openeo.rest.connection
import openeo.rest.job
import requests
from _table import compare
from file_server import serving

from openeo_widgets import transfer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEGABYTE = 1 << 20
MB = int(os.environ.get("BENCH_MB", "1024"))
SLOW_MB = int(os.environ.get("BENCH_SLOW_MB", "1024"))
HUGE_MB = int(os.environ.get("BENCH_HUGE_MB", "8192"))
FILES = int(os.environ.get("BENCH_FILES", "2000"))
KILLS = int(os.environ.get("BENCH_KILLS", "20"))
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
ONLY = os.environ.get("BENCH_ONLY", "1234")

# A thread's session, as the connections of this package have it.
_per_thread = threading.local()


def asker(url: str) -> Callable[[Mapping[str, str]], requests.Response]:
    """What `transfer.download` asks with."""

    def ask(headers: Mapping[str, str]) -> requests.Response:
        if not hasattr(_per_thread, "session"):
            _per_thread.session = requests.Session()
        session: requests.Session = _per_thread.session
        wanted = {"Accept-Encoding": "identity", **headers}
        return session.get(url, headers=wanted, stream=True, timeout=60)

    return ask


def ours(url: str, target: Path, **known: Any) -> Callable[[], None]:
    """Download with this package, anew each time."""

    def bring() -> None:
        target.unlink(missing_ok=True)
        transfer.download(asker(url), target, **known)

    return bring


def theirs(address: str, names: list[str], target: Path) -> Callable[[], object]:
    """Download with the official client, one after the other, as it does."""
    job = openeo.rest.job.BatchJob("j", openeo.rest.connection.Connection(address))
    made = openeo.rest.job.ResultAsset
    assets = [made(job, name, f"{address}/{name}", {}) for name in names]
    return lambda: [asset.download(target / asset.key) for asset in assets]


def command(*words: object) -> Callable[[], None]:
    """Run another program; what it brought before goes."""

    def run() -> None:
        subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603

    return run


def programs(url: str, folder: Path, connections: int) -> dict[str, Callable[[], object]]:
    """What curl and aria2 do with one file, where they are installed."""
    found: dict[str, Callable[[], object]] = {}
    if shutil.which("curl"):
        found["curl"] = command("curl", "-s", "-o", folder / "curl", url)
    if shutil.which("aria2c"):
        found[f"aria2, {connections} connections"] = command(
            *("aria2c", "-q", "--allow-overwrite=true", "--file-allocation=none", "-k1M"),
            *(f"-x{connections}", f"-s{connections}", "-d", folder, "-o", "aria2", url),
        )
    for program in {"curl", "aria2c"} - {
        words for words in ("curl", "aria2c") if shutil.which(words)
    }:
        print(f"{program} is not installed: left out")
    return found


def filled(path: Path, megabytes: int) -> str:
    """Write a file of random bytes; its multihash."""
    digest, block = hashlib.sha256(), os.urandom(MEGABYTE)
    with path.open("wb") as file:
        for number in range(megabytes):
            data = number.to_bytes(8, "big") + block[8:]
            file.write(data)
            digest.update(data)
    return f"1220{digest.hexdigest()}"


def fast(served: Path, folder: Path) -> None:
    """Part 1."""
    checksum, size = filled(served / "fast.bin", MB), MB * MEGABYTE
    with serving(served) as address:
        url = f"{address}/fast.bin"
        contestants = {
            "ours, verified, on disk": ours(url, folder / "a", size=size, checksum=checksum),
            "ours, verified": ours(url, folder / "a", size=size, checksum=checksum, sync=False),
            "ours, on disk": ours(url, folder / "a", size=size),
            "ours": ours(url, folder / "a", size=size, sync=False),
            "official client": theirs(address, ["fast.bin"], folder / "theirs"),
            **programs(url, folder, 4),
        }
        compare("download_fast", contestants, RUNS)
        with (served / "huge.bin").open("wb") as file:
            file.truncate(HUGE_MB * MEGABYTE)
        memory = {
            f"{MB} MB, verified": _memory(url, folder / "m", checksum),
            f"{HUGE_MB} MB": _memory(f"{address}/huge.bin", folder / "m", ""),
        }
    print("peak memory over that after import, MB:", memory)
    _write("download_memory", memory)


_MEASURED = """
import resource, sys
from pathlib import Path
import requests
from openeo_widgets import transfer
url, target, checksum = sys.argv[1:]
def peak():
    # Not getrusage's: that begins with what the parent had.
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before = peak()
def ask(headers):
    return requests.get(url, headers=headers, stream=True, timeout=60)
transfer.download(ask, Path(target), checksum=checksum or None, sync=False)
print(peak() - before)
"""


def _memory(url: str, target: Path, checksum: str) -> float:
    run = [sys.executable, "-c", _MEASURED, url, str(target), checksum]
    done = subprocess.run(run, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    target.unlink()
    return round(float(done.stdout), 1)


def slow(served: Path, folder: Path) -> None:
    """Part 2."""
    checksum = filled(served / "slow.bin", SLOW_MB)
    with serving(served, bytes_per_s=20_000_000) as address:
        url = f"{address}/slow.bin"
        contestants = {
            "ours, verified": ours(url, folder / "a", checksum=checksum),
            "official client": theirs(address, ["slow.bin"], folder / "theirs"),
            **programs(url, folder, 4),
        }
        compare("download_slow", contestants, min(RUNS, 3))


def ours_many(address: str, names: list[str], target: Path) -> Callable[[], None]:
    """Download files together with this package, anew each time."""

    def one(name: str) -> transfer.Fetch:
        return lambda progress, canceled: transfer.download(
            asker(f"{address}/{name}"),
            target / name,
            size=50_000,
            progress=progress,
            canceled=canceled,
        )

    def bring() -> None:
        shutil.rmtree(target, ignore_errors=True)
        transfer.fetch_all({name: one(name) for name in names}, most=8)

    return bring


def many(served: Path, folder: Path) -> None:
    """Part 3."""
    names = [f"{number}.bin" for number in range(FILES)]
    for name in names:
        (served / name).write_bytes(os.urandom(50_000))
    with serving(served, delay_s=0.02) as address:
        listed = folder / "urls"
        listed.write_text("".join(f"{address}/{name}\n" for name in names))
        config = folder / "curl.conf"
        config.write_text(
            "".join(
                f'url = "{address}/{name}"\noutput = "{folder}/curl-{name}"\n' for name in names
            )
        )

        contestants: dict[str, Callable[[], object]] = {
            "ours, 8 at a time": ours_many(address, names, folder / "ours"),
            "official client": theirs(address, names, folder / "theirs"),
        }
        if shutil.which("curl"):
            contestants["curl, 8 at a time"] = command(
                *("curl", "-s", "-Z", "--parallel-max", 8, "-K", config)
            )
        if shutil.which("aria2c"):
            contestants["aria2, 8 at a time"] = command(
                *(
                    "aria2c",
                    "-q",
                    "-j8",
                    "--allow-overwrite=true",
                    "-d",
                    folder / "aria",
                    "-i",
                    listed,
                )
            )
        compare("download_many", contestants, 1)


_KILLED = """
import mmap, sys, threading
from pathlib import Path
import requests
from openeo_widgets import transfer
from openeo_widgets.transfer import _part
url, target, counter = sys.argv[1:]
with open(counter, "r+b") as file:
    count = mmap.mmap(file.fileno(), 8)  # what is in it survives the kill
lock, write_at = threading.Lock(), _part.Part.write_at
def counted(part, data, position):
    with lock:
        count[:] = (int.from_bytes(count[:], "big") + len(data)).to_bytes(8, "big")
    write_at(part, data, position)
_part.Part.write_at = counted
def ask(headers):
    return requests.get(url, headers=headers, stream=True, timeout=60)
transfer.download(ask, Path(target))
"""


def killed(served: Path, folder: Path) -> None:
    """Part 4. Counts the bytes that arrived, in all runs together."""
    checksum, size = filled(served / "killed.bin", MB), MB * MEGABYTE
    target, counter = folder / "k", folder / "count"
    counter.write_bytes(bytes(8))
    chance, kills = random.Random(), 0  # noqa: S311 - no secret
    with serving(served, bytes_per_s=50_000_000) as address:
        run = [sys.executable, "-c", _KILLED, f"{address}/killed.bin", str(target), str(counter)]
        moments = sorted(chance.randrange(size) for _ in range(KILLS))
        for moment in [*moments, None]:
            process = subprocess.Popen(run)  # noqa: S603 - ours
            while process.poll() is None:
                if moment is not None and _count(counter) >= moment:
                    process.kill()
                    process.wait()
                    kills += 1
                time.sleep(0.001)
            if target.exists():
                break
    twice = _count(counter) - size
    exact = hashlib.sha256(target.read_bytes()).hexdigest() == checksum[4:]
    found = {"kills": kills, "exact": exact, "bytes twice": twice, "a kill": twice / max(1, kills)}
    print("\nkilled:", found)
    _write("download_killed", found)


def _count(counter: Path) -> int:
    return int.from_bytes(counter.read_bytes(), "big")


def _write(name: str, found: Mapping[str, object]) -> None:
    path = Path(__file__).with_name(f"{name}.json")
    path.write_text(json.dumps(found, indent=2) + "\n")


def main() -> None:
    """Run the parts, each in folders of its own."""
    for number, part in enumerate((fast, slow, many, killed), start=1):
        if str(number) in ONLY:
            with tempfile.TemporaryDirectory() as name:
                served, folder = Path(name, "served"), Path(name, "here")
                for path in (served, folder, folder / "theirs", folder / "aria"):
                    path.mkdir(parents=True)
                part(served, folder)


if __name__ == "__main__":
    warnings.simplefilter("error")
    main()
