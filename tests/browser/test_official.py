"""The official client's objects in our widgets."""

from playwright.sync_api import expect

CELLS = [
    """
import openeo
from openeo_widgets import JobWidget, ResultsWidget, enable
connection = openeo.connect({url!r}).authenticate_basic("demo", "demo")
cube = connection.load_collection(
    "SENTINEL2_SAMPLE", temporal_extent=["2022-06-01", "2022-07-01"], bands=["B04", "B08"]
).ndvi(nir="B08", red="B04").max_time()
job = cube.create_job(title="Official", out_format="GTiff")
JobWidget(job)
""",
    "ResultsWidget(job)",
    "enable()\njob",
    "job.get_results()",
]


def test_jobs_and_results_of_the_official_client(notebook, backend):
    book = notebook([source.format(url=backend.url) for source in CELLS])
    book.run(0)
    card = book.output(0).locator(".oew-job")
    card.get_by_role("button", name="Start", exact=True).click()
    expect(card).to_have_attribute("data-status", "finished", timeout=60_000)
    for cell in (1, 2, 3):
        book.run(cell)
        results = book.output(cell).locator(".oew-results")
        expect(results).to_have_attribute("data-state", "ready")
        expect(results).to_contain_text("openEO.tif")
    book.output(1).get_by_role("button", name="Download openEO.tif").click()
    row = book.output(1).locator("[data-key='openEO.tif']")
    expect(row).to_have_attribute("data-download", "done")
    assert book.errors() == []
