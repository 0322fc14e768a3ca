"""Takes the pictures in docs/screenshots: `make screenshots`.

They are of the tour in JupyterLab, as `make demo` opens it, in the light and in the dark theme.
"""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

_ROOT = Path(__file__).parents[2]
_TOUR = _ROOT / "notebooks" / "tour.ipynb"
_PICTURES = _ROOT / "docs" / "screenshots"
_FINISH_MS = 60_000


def _cells():
    """The number of each code cell by its tag."""
    cells = json.loads(_TOUR.read_text())["cells"]
    code = enumerate(cells)
    return {c["metadata"]["tags"][0]: i for i, c in code if c["cell_type"] == "code"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tour(notebook, backend, lab, theme):
    env = {"OPENEO_BACKEND_URL": backend.url}
    book = notebook(_TOUR, env=env, theme=theme, size=(1100, 1180))
    book.run_all()
    card = book.output(_cells()["create-series"]).locator(".oew-job")
    card.get_by_role("button", name="Start", exact=True).click()
    expect(card).to_have_attribute("data-status", "finished", timeout=_FINISH_MS)
    card.get_by_role("button", name="Download timeseries.json").click()
    expect(card.locator("[data-key='timeseries.json']")).to_have_attribute("data-download", "done")
    card.get_by_role("button", name="Preview timeseries.json").click()
    chart = card.locator(".oew-chart")
    expect(chart).to_be_visible()
    # The map zooms to the footprint; the picture is taken when that stands still.
    card.locator(".oew-results .leaflet-interactive").last.scroll_into_view_if_needed()
    chart.evaluate("element => element.scrollIntoView({block: 'end'})")
    lab.screenshot(_PICTURES / f"tour-{theme}.png")
