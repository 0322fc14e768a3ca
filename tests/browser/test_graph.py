"""The tab of the process graph: nodes and edges, sub-graphs, marks, and nothing from elsewhere."""

import json

from harness import wait_seen, wait_still
from playwright.sync_api import expect

CONNECT = """
from openeo_widgets import JobWidget, connect
connection = connect({url!r}){sign_in}
"""
SHOW = CONNECT + "JobWidget.from_id('j-1', connection)"
TWO = [SHOW, "JobWidget.from_id('j-1', connection)"]
CREATE = (
    CONNECT
    + """
cube = connection.load_collection(
    "SENTINEL2_SAMPLE", temporal_extent=["2022-06-01", "2022-07-15"], bands=["B04", "B08"]
)
cube = cube.ndvi(nir="B08", red="B04").reduce_dimension(dimension="t", reducer="mean")
job = cube.create_job(title="NDVI", out_format="GTiff")
JobWidget(job)
"""
)
SIGN_IN = ".authenticate_basic('demo', 'demo')"
MEAN = {
    "mean1": {
        "process_id": "mean",
        "arguments": {"data": {"from_parameter": "data"}},
        "result": True,
    }
}
PROCESS = {
    "process_graph": {
        "load1": {
            "process_id": "load_collection",
            "arguments": {
                "id": "SENTINEL2_L2A",
                "temporal_extent": ["2022-06-01", "2022-09-01"],
                "bands": ["B04", "B08"],
            },
        },
        **{
            f"apply{n}": {
                "process_id": "apply_dimension",
                "arguments": {"data": {"from_node": f"apply{n - 1}" if n else "load1"}},
            }
            for n in range(6)
        },
        "reduce1": {
            "process_id": "reduce_dimension",
            "arguments": {
                "data": {"from_node": "apply5"},
                "dimension": "t",
                "reducer": {"process_graph": MEAN},
            },
        },
        "save1": {
            "process_id": "save_result",
            "arguments": {"data": {"from_node": "reduce1"}, "format": "GTiff"},
            "result": True,
        },
    }
}
FAILURE = {
    "id": "l-1",
    "level": "error",
    "message": "Out of memory.",
    "path": [
        {"node_id": "mean1", "process_id": "mean"},
        {"node_id": "reduce1", "process_id": "reduce_dimension", "parameter": "reducer"},
    ],
}
# Nodes of which a title is clipped, or whose letters are smaller than 10 px as they are seen.
UNREADABLE = """box => [...box.querySelectorAll('.oew-node')].filter(node => {
  const title = node.querySelector('.oew-node-title');
  const scale = node.getBoundingClientRect().width / node.offsetWidth;
  return title.scrollWidth > title.clientWidth
    || parseFloat(getComputedStyle(title).fontSize) * scale < 10;
}).map(node => node.textContent)"""
INSIDE = """node => {
  const [inner, outer] = [node, node.closest('.oew-graph-box')].map(e => e.getBoundingClientRect());
  return inner.left >= outer.left && inner.right <= outer.right
    && inner.top >= outer.top && inner.bottom <= outer.bottom;
}"""


def show(notebook, cells, url, sign_in="", **appearance):
    book = notebook([cell.format(url=url, sign_in=sign_in) for cell in cells], **appearance)
    book.run_all()
    return book


def open_process(card):
    card.get_by_role("tab", name="Process", exact=True).click()
    expect(card.locator(".oew-node").first).to_be_visible()
    return card.get_by_role("tabpanel", name="Process")


def node(panel, name):
    return panel.get_by_role("button", name=name, exact=True)


def card(book, cell=0):
    return book.output(cell).locator(".oew-job")


def test_a_real_job_is_drawn_and_its_sub_graph_opened_by_keyboard(notebook, backend, screenshot):
    book = show(notebook, [CREATE], backend.url, SIGN_IN)
    panel = open_process(card(book))
    save = panel.get_by_role("button", name="save_result, result")
    expect(save).to_be_visible()
    expect(panel.locator(".oew-node")).to_have_count(4)
    expect(panel.locator(".oew-edge")).to_have_count(3)
    expect(panel.locator(".oew-graph-box")).to_contain_text("SENTINEL2_SAMPLE")
    screenshot("graph")

    keyboard = book.page.keyboard
    panel.get_by_role("button", name="load_collection").focus()
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    reduce = panel.get_by_role("button", name="reduce_dimension")
    expect(reduce).to_be_focused()
    keyboard.press("Enter")
    expect(panel.get_by_role("region")).to_contain_text('dimension: "t"')
    keyboard.press("Tab")
    expect(panel.get_by_role("button", name="reducer ▸ 1 node")).to_be_focused()
    keyboard.press("Enter")
    expect(panel.get_by_role("navigation")).to_contain_text("reducer")
    expect(node(panel, "data: parameter")).to_be_focused()
    screenshot("inside")
    keyboard.press("Escape")
    expect(reduce).to_be_focused()
    expect(panel.locator(".oew-node")).to_have_count(4)

    panel.get_by_role("tab", name="JSON").click()
    expect(panel.locator(".oew-tree")).to_contain_text("process_graph")
    panel.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel.get_by_role("button", name="Copy JSON").click()
    expect(panel.get_by_text("Copied")).to_be_attached()
    copied = book.page.evaluate("navigator.clipboard.readText()")
    assert json.loads(copied) == book.evaluate("job.describe()['process']")
    assert book.errors() == []


def failed(scripted):
    scripted.job |= {"status": "error", "process": PROCESS}
    scripted.answers["GET /jobs/j-1/logs"] = (200, {"logs": [FAILURE], "links": []})


def test_the_node_that_failed_is_marked_and_seen_first(notebook, scripted, screenshot):
    failed(scripted)
    book = show(notebook, [SHOW], scripted.url, theme="dark")
    expect(card(book)).to_have_attribute("data-status", "error")
    panel = open_process(card(book))
    reduce = node(panel, "reduce1: reduce_dimension, failed inside")
    wait_seen(book.page, lambda: reduce.evaluate(INSIDE))
    screenshot("failed")
    panel.get_by_role("button", name="reducer ▸ 1 node").click()
    mean = node(panel, "mean1: mean, result, failed")
    expect(mean).to_contain_text("failed")
    panel.get_by_role("button", name="process", exact=True).click()
    expect(reduce).to_be_focused()


def test_it_is_readable_on_a_narrow_page(notebook, scripted, screenshot):
    scripted.job["process"] = PROCESS
    book = show(notebook, [SHOW], scripted.url, size=(480, 800))
    host = card(book)
    host.evaluate("card => { card.parentElement.style.width = '320px'; }")
    panel = open_process(host)
    box = panel.locator(".oew-graph-box")
    expect(box).to_have_attribute("data-direction", "down")
    wait_seen(book.page, lambda: box.evaluate(UNREADABLE), lambda found: found == [])
    wait_seen(book.page, lambda: host.evaluate("card => card.scrollWidth <= card.clientWidth"))
    screenshot("narrow")
    host.evaluate("card => { card.parentElement.style.width = ''; }")
    book.page.set_viewport_size({"width": 1280, "height": 900})
    expect(box).to_have_attribute("data-direction", "right")
    wait_seen(book.page, lambda: box.evaluate(UNREADABLE), lambda found: found == [])


def test_it_is_zoomed_and_dragged(notebook, scripted):
    scripted.job["process"] = PROCESS
    book = show(notebook, [SHOW], scripted.url)
    panel = open_process(card(book))
    box, load = panel.locator(".oew-graph-box"), panel.locator(".oew-node").first

    def width():
        return load.bounding_box()["width"]

    fitting = wait_still(book.page, width)
    panel.get_by_role("button", name="Larger").click()
    wait_seen(book.page, width, lambda found: found > fitting * 1.1)
    larger = wait_still(book.page, width)
    area = box.bounding_box()
    mouse = book.page.mouse
    mouse.move(area["x"] + 60, area["y"] + 40)
    book.page.keyboard.down("Control")
    mouse.wheel(0, -100)
    book.page.keyboard.up("Control")
    book.page.wait_for_function(
        "([node, width]) => node.getBoundingClientRect().width > width * 1.1",
        arg=[load.element_handle(), larger],
    )
    panel.get_by_role("button", name="Fit to width").click()
    wait_seen(book.page, width, lambda found: abs(found - fitting) < 1)

    # A drag that begins on a node moves the drawing, and selects nothing.
    panel.get_by_role("button", name="Larger").click()
    wait_seen(book.page, width, lambda found: found > fitting * 1.1)

    def scrolled():
        return box.evaluate("box => box.scrollLeft")

    before = wait_still(book.page, scrolled)
    apply2 = node(panel, "apply2: apply_dimension").bounding_box()
    mouse.move(apply2["x"] + 20, apply2["y"] + 10)
    mouse.down()
    mouse.move(apply2["x"] - 80, apply2["y"] + 10, steps=4)
    mouse.up()
    wait_seen(book.page, scrolled, lambda found: found == before + 100)
    expect(panel.get_by_role("region")).to_have_count(0)
    node(panel, "apply3: apply_dimension").click()
    expect(panel.get_by_role("region")).to_contain_text("apply3")


def test_a_node_stays_in_sight_beside_its_details(notebook, scripted, screenshot):
    scripted.job["process"] = PROCESS
    book = show(notebook, [SHOW], scripted.url)
    panel = open_process(card(book))
    box = panel.locator(".oew-graph-box")
    save = node(panel, "save1: save_result, result")

    def scale():
        return save.evaluate("node => node.getBoundingClientRect().width / node.offsetWidth")

    fitting = wait_still(book.page, scale)
    panel.get_by_role("button", name="Larger").click()
    chosen = wait_seen(book.page, scale, lambda found: found > fitting)
    before = box.bounding_box()["width"]
    save.click()
    expect(panel.get_by_role("region")).to_contain_text("GTiff")
    book.page.wait_for_function(
        "([box, width]) => box.clientWidth < width - 200", arg=[box.element_handle(), before]
    )
    wait_seen(book.page, lambda: save.evaluate(INSIDE))
    assert scale() == chosen
    screenshot("zoomed")
    panel.get_by_role("button", name="Fit to width").click()
    panel.get_by_role("button", name="Close the details").click()
    book.page.wait_for_function(
        "([box, width]) => box.clientWidth === Math.floor(width)",
        arg=[box.element_handle(), before],
    )
    wait_seen(book.page, lambda: save.evaluate(INSIDE))


def test_the_module_is_loaded_once_for_all_cards(notebook, scripted):
    scripted.job["process"] = PROCESS
    book = show(notebook, TWO, scripted.url)
    book.page.evaluate(
        """() => {
          window.blobs = [];
          const make = URL.createObjectURL;
          URL.createObjectURL = blob => {
            if (blob.type === 'text/javascript') window.blobs.push(blob.size);
            return make.call(URL, blob);
          };
          delete globalThis[Symbol.for('openeo-widgets.chunks')];
        }"""
    )
    for cell in range(2):
        expect(open_process(card(book, cell)).locator(".oew-node")).to_have_count(9)
    assert len(book.page.evaluate("window.blobs")) == 1
