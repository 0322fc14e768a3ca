"""The currency that a back-end counts costs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.api._http import call_json

if TYPE_CHECKING:
    from openeo_widgets.api._http import BackendConnection

__all__ = ["currency_of"]


def currency_of(connection: BackendConnection) -> str:
    """Currency of a back-end (``GET /``, ``billing.currency``).

    Both clients keep what the back-end says of itself, so that mostly nothing is asked.

    Returns:
        An ISO 4217 code, or the back-end's own unit such as "credits"; "" where it has none.

    Raises:
        OpenEOWidgetsError: The back-end does not tell.
    """
    ask = getattr(connection, "capabilities", None)
    told: Any = ask() if callable(ask) else call_json(connection, "/")
    document = getattr(told, "capabilities", told)
    billing = document.get("billing") if isinstance(document, dict) else None
    currency = billing.get("currency") if isinstance(billing, dict) else None
    return currency if isinstance(currency, str) else ""
