"""What previews of large files take: a JSON of 200 MB, and a CSV of a million rows, sorted.

Each in a process of its own, from a file server on loopback, beside what a person would write who
loads the file by hand. Memory is that of the whole process at its peak, libraries and all.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from _table import Limits
from file_server import serving

HERE = Path(__file__).parent
JSON_BYTES = 200_000_000
ROWS = 1_000_000

# What is promised. The CSV has no promise of its own: its figures are there to be looked at.
WANTED = {"seconds": 2.0, "peak_mb": 300, "told_bytes": 200_000, "fetched_bytes": 5_000_000}

BEGIN = """
import json, resource, sys, time
address, name, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
result = {}
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
"""

PREVIEW = """
from openeo_widgets import Connection
from openeo_widgets.api import ResultAsset
from openeo_widgets.preview import PreviewFile, open_preview
fetched = []
job = Connection(address).job("j-1")
asset = ResultAsset(job, name, f"{address}/{name}", {"file:size": size})
inner = asset.load_head
def counted(most):
    found = inner(most)
    fetched.append(len(found[0]))
    return found
asset.load_head = counted
"""

CODES = {
    "JSON, preview": BEGIN + PREVIEW + """
began = time.perf_counter()
opened = open_preview(PreviewFile.of(asset))
result["seconds"] = time.perf_counter() - began
tree = next(view for view, told in zip(opened.views, opened.told) if told["kind"] == "tree")
began = time.perf_counter()
(features,) = [n for n in tree.children("$", 0, 9)["nodes"] if n["name"] == "features"]
tree.children(features["path"], 1000, 100)
result["branch_s"] = time.perf_counter() - began
began = time.perf_counter()
tree.find("no such text")
result["search_s"] = time.perf_counter() - began
result["told_bytes"] = len(json.dumps(opened.told, ensure_ascii=False).encode())
result["fetched_bytes"] = sum(fetched)
result["peak_mb"] = peak()
print(json.dumps(result))
""",
    "JSON, requests + json": BEGIN + """
import requests
began = time.perf_counter()
data = json.loads(requests.get(f"{address}/{name}").content)
result["seconds"] = time.perf_counter() - began
result["peak_mb"] = peak()
print(json.dumps(result))
""",
    "CSV, preview": BEGIN + PREVIEW + """
began = time.perf_counter()
opened = open_preview(PreviewFile.of(asset))
result["first_part_s"] = time.perf_counter() - began
began = time.perf_counter()
opened = open_preview(PreviewFile.of(asset, whole=True))
result["seconds"] = time.perf_counter() - began
(table,) = [view for view, told in zip(opened.views, opened.told) if told["kind"] == "table"]
for what, sort, search in (("sort", "value", ""), ("sort_text", "name", ""),
                           ("search", "", "field 77")):
    began = time.perf_counter()
    table.window(500_000, 100, sort, search, descending=True)
    result[f"{what}_s"] = time.perf_counter() - began
began = time.perf_counter()
table.window(500_100, 100, "value", "", descending=True)
result["next_rows_s"] = time.perf_counter() - began
began = time.perf_counter()
table.lines("date", ["value"])
result["chart_s"] = time.perf_counter() - began
result["rows"] = opened.told[0]["rows"]
result["peak_mb"] = peak()
print(json.dumps(result))
""",
    "CSV, pandas": BEGIN + """
import pandas
began = time.perf_counter()
table = pandas.read_csv(f"{address}/{name}")
result["seconds"] = time.perf_counter() - began
began = time.perf_counter()
table.sort_values("value", ascending=False).iloc[500_000:500_100]
result["sort_s"] = time.perf_counter() - began
result["rows"] = len(table)
result["peak_mb"] = peak()
print(json.dumps(result))
""",
}  # fmt: skip


def write_json(path: Path) -> None:
    """Write features with properties and outlines, of which nothing repeats."""
    chance = random.Random(7)  # noqa: S311 - to be the same each time
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "name": "fields", "features": [')
        while file.tell() < JSON_BYTES:
            ring = [[round(chance.uniform(16, 17), 6), round(chance.uniform(48, 49), 6)]] * 5
            feature = {
                "type": "Feature",
                "properties": {"crop": chance.choice("abc"), "area": chance.random()},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            file.write(json.dumps(feature) + ", ")
        file.write("null]}")


def write_csv(path: Path) -> None:
    """Write a table with dates, texts and numbers."""
    chance = random.Random(7)  # noqa: S311 - to be the same each time
    with path.open("w", encoding="utf-8") as file:
        file.write("date,name,count,value\n")
        for row in range(ROWS):
            date = f"2022-{row % 12 + 1:02}-{row % 28 + 1:02}"
            number, value = chance.randrange(10**6), chance.random()
            file.write(f"{date},field {row % 99_991},{number},{value:.6f}\n")


def main() -> None:
    """Measure, print, and write the same as JSON."""
    rows: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        paths = {"JSON": Path(folder) / "fields.json", "CSV": Path(folder) / "table.csv"}
        write_json(paths["JSON"])
        write_csv(paths["CSV"])
        with serving(Path(folder)) as address:
            for name, code in CODES.items():
                path = paths[name.split(",", maxsplit=1)[0]]
                told = [address, path.name, str(path.stat().st_size)]
                done = subprocess.run(  # noqa: S603 - this very Python
                    [sys.executable, "-c", code, *told], capture_output=True, text=True, check=True
                )
                rows[name] = json.loads(done.stdout)
    for name, row in rows.items():
        print(name)
        for what, value in row.items():
            print(f"    {what:<16}{value:>16,.3f}")
    HERE.joinpath("preview.json").write_text(json.dumps(rows, indent=2) + "\n")
    limits = Limits("preview")
    for what, limit in WANTED.items():
        limits.at_most(f"JSON of 200 MB, {what}", rows["JSON, preview"][what], limit)
    limits.at_least("CSV, rows of the sorted table", rows["CSV, preview"]["rows"], ROWS)
    limits.finish()


if __name__ == "__main__":
    main()
