"""A map as it is on the screen: where a place is, and where something is drawn."""

import math

from harness.waiting import wait_seen

TILE = 256

# The box of what is drawn on the canvas of the footprints, in pixels of the map; null for nothing.
_DRAWN = """map => {
  const frame = map.getBoundingClientRect();
  let box = null;
  for (const canvas of map.querySelectorAll('.leaflet-PANE-pane canvas')) {
    const at = canvas.getBoundingClientRect();
    if (!canvas.width || !at.width) continue;
    const scale = at.width / canvas.width;
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let index = 3; index < data.length; index += 4) {
      if (data[index] < 8) continue;
      const x = at.left - frame.left + (index >> 2) % canvas.width * scale;
      const y = at.top - frame.top + Math.floor((index >> 2) / canvas.width) * scale;
      box ??= [x, y, x, y];
      box = [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)];
    }
  }
  return box;
}"""
# Nothing moves: drawn in the same place twice, a while apart.
_SETTLED = """async map => {
  const drawn = DRAWN;
  const where = () => JSON.stringify([drawn(map), map.getBoundingClientRect()]);
  let [before, since] = [null, performance.now()];
  while (performance.now() - since < 400) {
    const now = where();
    if (now !== before || !drawn(map)) [before, since] = [now, performance.now()];
    await new Promise(done => setTimeout(done, 40));
  }
}"""
_COLOUR = """([map, x, y]) => {
  const frame = map.getBoundingClientRect();
  for (const canvas of map.querySelectorAll('.leaflet-PANE-pane canvas')) {
    const at = canvas.getBoundingClientRect();
    const scale = canvas.width / at.width;
    const [column, row] = [(frame.left + x - at.left) * scale, (frame.top + y - at.top) * scale];
    return [...canvas.getContext('2d').getImageData(column, row, 1, 1).data];
  }
  return null;
}"""


class MapOnScreen:
    """A map of ipyleaflet's in the page.

    Args:
        box: Locator of something that has the map in it, and no other.
        pane: The pane whose shapes are looked at: "overlay" has the footprints.
    """

    def __init__(self, box, pane="overlay"):
        self.locator = box.locator(".leaflet-container")
        self._pane = pane

    def wait_drawn(self):
        """Wait until a shape is drawn, and return its box: left, top, right, bottom in pixels."""
        return wait_seen(self.locator.page, self.drawn)

    def wait_settled(self):
        """Wait until a shape is drawn and nothing moves any more."""
        self.locator.evaluate(self._script(_SETTLED.replace("DRAWN", _DRAWN)))

    def drawn(self):
        """Return the box around all shapes that are drawn, in pixels of the map, or None."""
        return self.locator.evaluate(self._script(_DRAWN))

    def colour(self, x, y):
        """Return red, green, blue and alpha of the shapes at a pixel of the map."""
        place = [self.locator.element_handle(), x, y]
        return self.locator.page.evaluate(self._script(_COLOUR), place)

    def pixel(self, lon, lat, center, zoom):
        """Where a place is in pixels of the map, by Web Mercator: no word of Leaflet's.

        Args:
            lon: Degrees.
            lat: Degrees.
            center: Latitude and longitude of the middle, as the kernel has them.
            zoom: Of the map, as the kernel has it.
        """
        frame = self.locator.bounding_box()
        x, y = _world(lon, lat, zoom)
        middle_x, middle_y = _world(center[1], center[0], zoom)
        return frame["width"] / 2 + x - middle_x, frame["height"] / 2 + y - middle_y

    def _script(self, script):
        return script.replace("PANE", self._pane)


def _world(lon, lat, zoom):
    size = TILE * 2**zoom
    up = math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)
    return (lon / 360 + 0.5) * size, (0.5 - up) * size
