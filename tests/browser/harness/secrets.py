"""A back-end that writes links and tokens wherever it can. Each holds a mark, to be looked for."""

import base64
import json
from itertools import count

__all__ = ["LeakyBackend", "marks_in"]


class LeakyBackend:
    """Fills a `ScriptedBackend` with secrets.

    Attributes:
        marks: Every secret, and where it is.
        password: What to sign in with, as demo. It is a secret too.
    """

    def __init__(self, scripted):
        self.marks = {}
        self.scripted = scripted
        self.url = scripted.url
        self._number = count(10)
        self.password = self.mark("password")
        self.token = self.mark("access token")
        answers = scripted.answers
        answers["GET /"] = (200, {"api_version": "1.2.0", "endpoints": [], "id": "leaky"})
        answers["GET /credentials/basic"] = (200, {"access_token": self.token})
        place = f"{self.url}/jobs/j-1?token={self.mark('Location')}"
        answers["POST /jobs"] = (201, b"", {"Location": place, "OpenEO-Identifier": "j-1"})
        answers["GET /jobs/j-1"] = lambda: (200, self.job, self.headers)
        answers["GET /jobs/j-1/logs"] = (200, {"logs": self._logs(), "links": self.links("logs")})
        answers["GET /jobs/j-1/results"] = (200, self._results())
        answers["GET /jobs/j-1/estimate"] = (500, self.error("estimate"))
        answers["PATCH /jobs/j-1"] = (400, self.error("update"))
        answers["GET /files/out.tif"] = (200, b"II*\0 and so on")
        answers["GET /files/away.json"] = (302, b"", {"Location": self._signed("redirect")})
        answers["GET /files/broken.bin"] = (403, self.error("file"))
        answers["GET /files/signed.json"] = (200, {"2022-01-01": [1], "href": self._s3("preview")})
        self.headers = {
            "Retry-After": "1",
            "X-Trace": self._s3("header"),
            "Link": f"<{self._s3('link header')}>; rel=canonical",
            "Set-Cookie": f"session={self.mark('cookie')}",
        }
        self._described = {
            "title": f"NDVI {self._s3('title')}",
            "description": f"[Results]({self._azure('description')})",
            "plan": f"free?token={self.mark('plan')}",
            "usage": {
                f"cpu?sig={self.mark('usage key')}": {"value": 1, "unit": "s"},
                "network": {"value": 2, "unit": f"https://u:{self.mark('usage unit')}@x.example/"},
            },
            "links": self.links("job"),
            "process": {"process_graph": self.graph("described")},
            "access_token": self.mark("extra field"),
        }

    @property
    def job(self):
        """What it says of the job, as `scripted.job` says it, and more."""
        return {**self.scripted.job, **self._described}

    def mark(self, where):
        """A new secret."""
        made = f"Zq{next(self._number)}mVx0Lw9Tn4pR7k"
        self.marks[made] = where
        return made

    def error(self, where):
        """An error object with secrets in all its parts."""
        return {
            "code": f"Oops?token={self.mark(where + ' error code')}",
            "message": f"{self._bearer(where + ' error')}: {self._driver(where + ' error')}",
            "id": f"r-1 {self._s3(where + ' error id')}",
            "links": [{"href": self._s3(where + " error link"), "rel": "about"}],
        }

    def links(self, where):
        rels = ("canonical", "self", "monitor", "result", "next-steps")
        return [
            {
                "href": self._driver(f"{where} {rel} link"),
                "rel": rel,
                "title": f"Open {self._gcs(where + ' link title')}",
                "type": "application/json",
            }
            for rel in rels
        ]

    def graph(self, where):
        """A process graph that loads from a signed link."""
        return {
            "load": {
                "process_id": "load_stac",
                "arguments": {
                    "url": self._s3(f"{where} graph"),
                    "properties": {"token": self.mark(f"{where} graph argument")},
                },
                "result": True,
            }
        }

    def _logs(self):
        return [
            {
                "id": f"l-{number}?sig={self.mark('log id')}",
                "level": level,
                "code": f"Code?key={self.mark('log code')}",
                "message": f"{message} {self._basic('log')} {self._driver('log message')}",
                "data": {
                    "href": self._azure("log data"),
                    "access_token": self.mark("log data token"),
                    "headers": f"Authorization: Bearer {self.mark('log data header')}",
                    "json": json.dumps({"client_secret": self.mark("log data JSON")}),
                },
                "path": [{"node_id": "load", "process_id": "load_stac"}],
                "links": self.links("log"),
            }
            for number, (level, message) in enumerate(
                [("info", "Reading"), ("error", f"Failed with {self.token} at")]
            )
        ]

    def _results(self):
        hrefs = {
            "out.tif": f"/files/out.tif?X-Amz-Signature={self.mark('asset')}",
            f"series.json?sig={self.mark('asset key')}": "/files/signed.json"
            f"?sv=1&sig={self.mark('asset')}",
            f"https://u:{self.mark('asset key')}@x.example/away.json": "/files/away.json"
            f"?token={self.mark('asset')}",
            "broken.bin": f"/files/broken.bin?Signature={self.mark('asset')}",
            "elsewhere.tif": self._driver("asset", self.url.partition("//")[2], "http"),
        }
        return {
            "type": "Feature",
            "stac_version": "1.0.0",
            "id": "j-1",
            "geometry": None,
            "properties": {
                "datetime": "2022-07-01T00:00:00Z",
                "title": f"Results {self._s3('results title')}",
                "description": self._azure("results description"),
            },
            "links": self.links("results"),
            "assets": {
                key: {
                    "href": href,
                    "title": f"File {self._gcs('asset title')}",
                    "description": self._s3("asset description"),
                    "alternate": {"s3": {"href": self._s3("asset alternate")}},
                    "roles": ["data", f"token={self.mark('asset role')}"],
                }
                for key, href in hrefs.items()
            },
        }

    def _signed(self, where):
        return f"{self.url}/files/none.json?X-Amz-Signature={self.mark(where)}"

    def _s3(self, where):
        return (
            f"https://b.s3.example/out.tif?X-Amz-Credential={self.mark(where + ' credential')}"
            f"&X-Amz-Signature={self.mark(where)}"
        )

    def _azure(self, where):
        return f"https://a.blob.example/c/out.tif?sv=2022-11-02&se=2026&sig={self.mark(where)}"

    def _gcs(self, where):
        return f"https://storage.example/b/out.tif?Expires=1&Signature={self.mark(where)}"

    def _driver(self, where, host="openeo.example", scheme="https"):
        return (
            f"{scheme}://u:{self.mark(where + ' password')}@{host}/jobs/j-1/results/assets"
            f"/{self.mark(where + ' user')}/{self.mark(where)}/out.tif?expires=1764000000"
        )

    def _bearer(self, where):
        return f"Authorization: Bearer oidc/egi/{self.mark(where)}"

    def _basic(self, where):
        told = base64.b64encode(f"anna:{self.mark(where)}".encode()).decode()
        self.marks[told] = f"{where}, Basic"
        return f"Basic {told}"


def marks_in(text, leaky):
    """Where the secrets are from that a text holds."""
    return sorted(where for mark, where in leaky.marks.items() if mark in text)
