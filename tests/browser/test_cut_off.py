"""Without a network: nothing but JupyterLab can be reached, or nothing but the back-end."""

import pytest
from harness import MapOnScreen
from playwright.sync_api import expect

CREATE = """
from openeo_widgets import JobWidget, connect
connection = connect({url!r}).authenticate_basic("demo", "demo")
cube = connection.load_collection(
    "SENTINEL2_SAMPLE", temporal_extent=["2022-06-01", "2022-07-15"], bands=["B04", "B08"]
)
cube = cube.ndvi(nir="B08", red="B04").reduce_dimension(dimension="t", reducer="max")
JobWidget(cube.create_job(title="NDVI", out_format="GTiff"))
"""


@pytest.fixture
def only(shared_lab, lab_server):
    """A function that lets the page reach JupyterLab and these addresses only, from the start."""
    context = shared_lab.page.context
    refused = []

    def let(*urls):
        reached = (lab_server.url, "blob:", "data:", *urls)

        def decide(route):
            if route.request.url.startswith(reached):
                route.continue_()
            else:
                refused.append(route.request.url)
                route.abort()

        context.route("**/*", decide)
        shared_lab.forget()

    yield let
    context.unroute_all(behavior="wait")
    assert refused == []


def run(book):
    """Run the job, and return its results."""
    book.run_all()
    card = book.output(0).locator(".oew-job")
    card.get_by_role("button", name="Start", exact=True).click()
    expect(card).to_have_attribute("data-status", "finished", timeout=60_000)
    card.get_by_role("tab", name="Process", exact=True).click()
    expect(card.locator(".oew-node")).to_have_count(4)
    results = card.locator(".oew-results")
    expect(results).to_have_attribute("data-state", "ready")
    return results


def look_at_everything(results):
    """The land below the footprint, the raster, a preview, and a download."""
    MapOnScreen(results).wait_drawn()
    expect(results.locator(".leaflet-basemap-pane canvas")).to_have_count(1)
    results.get_by_role("button", name="Show openEO.tif on the map").click()
    expect(results.locator(".oew-raster")).to_have_attribute("data-raster", "ready")
    expect(results.locator("img.leaflet-image-layer")).to_have_count(1)
    results.get_by_role("button", name="Preview openEO.tif", exact=True).click()
    expect(results.locator(".oew-view")).to_contain_text("TIFF")
    results.get_by_role("button", name="Download openEO.tif").click()
    expect(results.locator("[data-key='openEO.tif']")).to_contain_text("verified")


def test_with_the_network_cut_from_the_start(only, notebook, backend, screenshot):
    """The page reaches JupyterLab alone: no tiles, no script of a CDN, not even the back-end."""
    only()
    book = notebook([CREATE.format(url=backend.url)], size=(1280, 1400))
    look_at_everything(run(book))
    screenshot("cut")
    assert book.errors() == []


def test_with_only_the_back_end_reachable(only, notebook, backend):
    """The page reaches the back-end too, and the kernel reaches nothing else."""
    only(backend.url)
    reach = {"OPENEO_WIDGETS_ONLY": str(backend.port)}
    book = notebook([CREATE.format(url=backend.url)], env=reach)
    results = run(book)
    look_at_everything(results)
    with book.page.context.expect_page() as opened:
        results.get_by_role("button", name="Save openEO.tif to this computer").click()
    assert opened.value.url in ("", "about:blank") or opened.value.url.startswith(backend.url)
    assert book.errors() == []
