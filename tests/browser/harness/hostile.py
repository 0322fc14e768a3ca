"""Texts that do harm where somebody takes them for more than text. Shared by several tests."""

from __future__ import annotations

import json
from html.parser import HTMLParser

__all__ = [
    "CANARY",
    "NAMES",
    "TEXTS",
    "VALUES",
    "Page",
    "hostile_job",
    "hostile_logs",
    "hostile_results",
]

#: A payload that runs anywhere sets this on the page.
CANARY = "oewCanary"
_RUN = f"window.{CANARY}=1"

_DEEP = json.loads("[" * 400 + "]" * 400)

_MARKUP = {
    "script": f"<script>{_RUN}</script>",
    "script-closed": f"</script><script>{_RUN}</script>",
    "script-in-json": f'"}}]</script><script>{_RUN}</script>',
    "script-split": f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    "script-src": "<script src=https://evil.example/x.js></script>",
    "img": f"<img src=x onerror={_RUN}>",
    "img-remote": "<img src='https://evil.example/pixel.gif'>",
    "img-slash": f"<img/src=x/onerror={_RUN}>",
    "svg": f"<svg onload={_RUN}>",
    "svg-use": "<svg><use href='data:image/svg+xml,<svg id=x onload=1>#x'/></svg>",
    "math": f"<math><mtext><table><mglyph><style><img src=x onerror={_RUN}>",
    "iframe": f"<iframe srcdoc='<script>parent.{CANARY}=1</script>'></iframe>",
    "object": "<object data='https://evil.example/x'></object><embed src=//evil.example/x>",
    "details": f"<details open ontoggle={_RUN}>",
    "autofocus": f"<input autofocus onfocus={_RUN}>",
    "marquee": f"<marquee onstart={_RUN}>x</marquee>",
    "template": f"<template><img src=x onerror={_RUN}></template>",
    "style": "<style>*{display:none}@import 'https://evil.example/x.css';</style>",
    "style-closed": "</style></div></section>",
    "link": "<link rel=stylesheet href=https://evil.example/x.css>",
    "base": "<base href='https://evil.example/'>",
    "meta": "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "form": "<form action=https://evil.example/><button>x</button></form>",
    "comment": "<!-- --><b>bold</b><!--",
    "cdata": f"<![CDATA[<img src=x onerror={_RUN}>]]>",
    "unclosed": "<div class='oew-card' style='position:fixed;inset:0'",
    "textarea": f"</textarea></title><img src=x onerror={_RUN}>",
    "attribute": f"\" onmouseover='{_RUN}' x=\"",
    "attribute-single": f"' autofocus onfocus={_RUN} x='",
    "entities": f"&lt;img src=x onerror={_RUN}&gt;&#60;b&#62;&amp;amp;&NewLine;&nbsp",
    "utf-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "anchor": f"<a href='javascript:{_RUN}'>click</a>",
    "javascript": f"javascript:{_RUN}",
    "javascript-mixed": f"JaVa\tScRiPt:{_RUN}",
    "data-url": f"data:text/html,<script>{_RUN}</script>",
}
_SYNTAX = {
    "markdown-link": f"[click](javascript:{_RUN})",
    "markdown-image": "![x](https://evil.example/pixel.gif)",
    "markdown-html": f"# h\n\n<img src=x onerror={_RUN}>\n\n```js\n{_RUN}\n```",
    "markdown-reference": f"[x][y]\n\n[y]: javascript:{_RUN}",
    "markdown-autolink": f"<javascript:{_RUN}> <https://evil.example/>",
    "markdown-table": "| a | b |\n|---|---|\n| <b>1</b> | 2 |",
    "math-tex": "$\\href{javascript:alert(1)}{x}$ $$\\unicode{x41}$$",
    "jinja": "{{ 7*7 }}{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}",
    "template-literal": f"${{{_RUN}}} `x` #{{7*7}} <%= 7*7 %>",
    "format": "%s %(x)s {0} {x.__class__} %n",
    "python": '"); __import__("os").abort(); ("',
    "python-single": "'); raise SystemExit(1); ('",
    "shell": "$(touch x) `touch x`; rm -rf x | x && x",
    "sql": "'; DROP TABLE jobs; --",
    "css": "red;background:url(https://evil.example/x);position:fixed",
    "css-expression": f"expression({_RUN}); -moz-binding:url(https://evil.example/)",
    "path": "../../../../etc/passwd",
    "path-windows": "..\\..\\C:\\CON.txt::$DATA",
    "url-parts": "?x=1#y/../%2e%2e%2f%00",
    "proto": "__proto__",
    "constructor": "constructor",
    "prototype": "constructor.prototype",
    "has-own": "hasOwnProperty",
    "to-string": "toString",
    "widget-reference": "IPY_MODEL_0123456789abcdef",
    "json-pointer": '{"__proto__": {"polluted": true}}',
}
_LETTERS = {
    "bidi-override": "\u202egnp.exe\u202d",
    "bidi-isolates": "\u2067\u2066never closed\u2068",
    "bidi-marks": "\u200f\u200e\u061cmarks",
    "rtl": "סדרת זמן של NDVI (2022) תוצאות",
    "arabic": "مهمة الدفعات 2022 openEO",
    "zero-width": "ze\u200bro\u200c\u200dwi\ufeffdth\u2060",
    "tags": "tag\U000e0041\U000e0042\U000e007f",
    "zalgo": "Z" + "\u0335\u0327\u0311\u034a" * 60 + "algo",
    "combining-first": "\u0301\u0301\u0301 first",
    "emoji": "👩\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 🧑🏽\u200d🚀 🇦🇹",
    "wide": "﷽𒐫꧅" * 20,
    "unbroken": "x" * 5000,
    "unbroken-wide": "測" * 3000,
    "no-break": "a\u00a0" * 1000,
    "long": "long words and so on " * 50_000,
    "newlines": "one\ntwo\r\nthree\r\rfour\u2028five\u2029six\u0085seven",
    "many-newlines": "\n" * 5000 + "end",
    "tabs": "\t" * 2000 + "end",
    "spaces": " " * 5000,
    "controls": "".join(map(chr, range(32))) + "\x7f\x80\x9b31mred",
    "nul": "before\x00after",
    "ansi": "\x1b[31mred\x1b[0m\x1b]8;;https://evil.example/\x07link\x1b]8;;\x07\x1b[2J",
    "backspaces": "good\b\b\b\bevil",
    "surrogate-high": "half \ud83d character",
    "surrogate-low": "\udc00\udc00",
    "noncharacters": "\ufffe\uffff\U0010ffff",
    "replacement": "\ufffd\ufffd",
    "homoglyph": "раураl.example",  # noqa: RUF001 - Cyrillic on purpose
    "full-width": "＜ｓｃｒｉｐｔ＞",  # noqa: RUF001 - full width on purpose
    "empty": "",
    "blank": "\u3000\u2800\u00ad",
    "number": "12345678901234567890",
    "nan": "NaN",
    "null": "null",
    "true": "true",
}

#: Every text, by a name for the test's id.
TEXTS: dict[str, str] = {**_MARKUP, **_SYNTAX, **_LETTERS}
NAMES = sorted(TEXTS)

#: Values of the wrong type, and numbers that are none.
VALUES = [
    None, True, False, -1, 0, float("nan"), float("inf"), float("-inf"), 1e300, 10**400, "1", "-0",
    [], {}, [[]], [None], {"__proto__": {"polluted": True}}, {"constructor": {"prototype": {}}},
    "2026-13-45T99:99:99Z", "9999-12-31T23:59:59+23:59", "0000-00-00", _DEEP,
]  # fmt: skip

_ASSET = {"href": "/files/series.json?sig=s3cr3t", "type": "application/json", "file:size": 5}
_RESULTS = {
    "type": "Feature",
    "stac_version": "1.0.0",
    "geometry": None,
    "bbox": [1, 2, 3, 4],
}

# What a static card is made of: whatever else is in it came out of a text.
_ELEMENTS = {"div", "strong", "bdi", "code", "table", "tbody", "tr", "td", "th", "style"}


class Page(HTMLParser):
    """Reads a static card: nothing in it may be of a back-end but text."""

    def handle_starttag(self, tag, attrs):
        assert tag in _ELEMENTS
        assert {name for name, _ in attrs} <= {"class", "style"}
        assert not any("url(" in value or "expression" in value for _, value in attrs)

    def handle_comment(self, data):
        raise AssertionError(data)

    unknown_decl = handle_pi = handle_decl = handle_comment


def hostile_job(text, **more):
    """A job with a text in each field that may hold one, and as a name where it may be one."""
    link = {"href": text, "rel": text, "title": text, "type": text}
    node = {"process_id": text, "arguments": {text: text, "data": {"from_node": text}}}
    process = {"id": text, "description": text, "process_graph": {text or "n": node}}
    return {
        "id": "j-1",
        "status": "running",
        "created": "2026-01-01T00:00:00Z",
        "updated": "2026-01-01T00:00:00Z",
        **dict.fromkeys(("title", "description", "plan", "log_level"), text),
        "costs": text,
        "budget": text,
        "usage": {text: {"value": text, "unit": text}, "cpu": {"value": 1, "unit": text}},
        "links": [link, text, {**link, "rel": "monitor"}],
        "process": process,
        text: text,
        **more,
    }


def hostile_logs(text):
    entry = {
        **dict.fromkeys(("id", "code", "message"), text),
        "level": "error",
        "data": {text: [text]},
        "path": [{"node_id": text, "process_id": text, "namespace": text, "parameter": text}],
        "usage": {text: {"value": 1, "unit": text}},
        "links": [{"href": text, "rel": text, "title": text}],
    }
    return {"logs": [entry, {**entry, "level": text, "time": text}, text], "links": []}


def hostile_results(text):
    asset = {**_ASSET, "title": text, "type": text, "roles": [text], "description": text}
    return {
        **_RESULTS,
        "id": text,
        "links": [{"href": text, "rel": "canonical", "title": text}],
        "properties": {"title": text, "description": text, "datetime": text, "expires": text},
        "assets": {text or "a": asset, "b.json": {**_ASSET, "href": text}},
    }
