"""What a preview consists of: each view as Python holds it, and as the browser is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from openeo_widgets.preview._words import short
from openeo_widgets.redact import redacted, without_half

if TYPE_CHECKING:
    from openeo_widgets.api._boxes import BBox
    from openeo_widgets.preview._features import Features

__all__ = [
    "BUDGET_BYTES",
    "SHOWN_BYTES",
    "Facts",
    "Html",
    "Image",
    "Locate",
    "Made",
    "Text",
    "View",
    "within",
]

#: Bytes that are fetched without asking.
BUDGET_BYTES = 5_000_000
#: Bytes that are sent to the browser without being asked for.
SHOWN_BYTES = 200_000

# Of a text so much: more nobody reads in a preview.
TEXT_BYTES = 150_000


#: Finds features, near a box of west, south, east, north in degrees where that is known.
Locate = Callable[["BBox | None"], "Features"]


class View(Protocol):
    """One way to look at a file; see ``PreviewView`` in js/src/protocol-preview.ts."""

    def shown(self) -> dict[str, Any]:
        """What the browser is told of it at first."""
        ...


@dataclass(frozen=True)
class Made:
    """What a family makes of a file.

    Attributes:
        views: What there is to see; the one that fits first comes first.
        note: What is left out, in words, or "".
        partial: Whether all of the file could be had where only a part is shown.
        python: What loads the same, as it follows the asset: ``.load_json()``; or, with ``{}`` in
            the place of the asset, a whole line. "" if nothing does.
        features: Finds what of it a map can show; None where that is nothing. It takes time.
    """

    views: tuple[View, ...]
    note: str = ""
    partial: bool = False
    python: str = ""
    features: Locate | None = None


@dataclass(frozen=True)
class Text:
    """Text, or its beginning.

    Attributes:
        text: The text.
        complete: Whether that is all of it.
        label: What the view is called.
    """

    text: str
    complete: bool = True
    label: str = "Text"

    def shown(self, most: int = TEXT_BYTES) -> dict[str, Any]:
        """Tell its beginning: so many bytes at most."""
        begun = within(self.text, most)
        # Half of a secret at the end is not known for one.
        text = redacted(begun) if len(begun) == len(self.text) else without_half(begun)
        complete = self.complete and len(begun) == len(self.text)
        return {"kind": "text", "label": self.label, "text": text, "complete": complete}


def within(text: str, most: int = TEXT_BYTES) -> str:
    """The beginning of a text: whole characters, that take so many bytes at most."""
    begun = text[:most]
    encoded = begun.encode(errors="replace")
    return begun if len(encoded) <= most else encoded[:most].decode(errors="ignore")


@dataclass(frozen=True)
class Facts:
    """Names with a text each.

    Attributes:
        facts: The texts by their names.
        label: What the view is called.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    label: str = "About"

    def shown(self) -> dict[str, Any]:
        """Tell all of it; no text is long."""
        facts = [
            {"name": short(name, 100), "text": short(text)}
            for name, text in list(self.facts.items())[:100]
        ]
        return {"kind": "facts", "label": self.label, "facts": facts}


@dataclass(frozen=True)
class Html:
    """A page that another library made. The browser shows it where it may do nothing.

    Attributes:
        html: The page.
        label: What the view is called.
    """

    html: str
    label: str = "Dataset"

    def shown(self) -> dict[str, Any]:
        """Tell all of it."""
        return {"kind": "html", "label": self.label, "html": self.html}


@dataclass(frozen=True)
class Image:
    """A picture that browsers know.

    Attributes:
        content: The file.
        media_type: What it is.
        width: Pixels.
        height: Pixels.
        alt: What it shows, for those who do not see it.
        note: What is to be said of it, or "".
    """

    content: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    alt: str
    note: str = ""

    def shown(self) -> dict[str, Any]:
        """Tell how large it is; the picture is asked for."""
        return {
            "kind": "image",
            "label": "Image",
            "width": self.width,
            "height": self.height,
            "alt": short(self.alt),
            "note": self.note,
        }
