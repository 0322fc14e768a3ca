"""What is asked of a card as it is drawn: does axe-core find fault, is anything cut off."""

from pathlib import Path

# What `gallery` is asked for: contrast is a matter of the theme, what is cut off one of the width.
LOOKS = {
    "wide, light": {"color_scheme": "light"},
    "narrow, dark": {"color_scheme": "dark", "width": 320},
    "zoomed": {"width": 640, "device_scale_factor": 2},
    "narrow, forced colours": {"forced_colors": "active", "width": 320},
}

# For `page.evaluate`, and for `evaluate_all` of buttons.
RTL = "() => { document.documentElement.dir = 'rtl'; }"
CLICK = "buttons => buttons.forEach(button => button.click())"

AXE = Path(__file__).parents[3] / "js" / "node_modules" / "axe-core" / "axe.min.js"

_RUN = """async selector => {
  const found = await axe.run({include: [[selector]]}, {resultTypes: ['violations']});
  return found.violations.flatMap(({id, impact, nodes}) =>
    nodes.map(node => ({id, impact, html: node.html, why: node.failureSummary})));
}"""
_GRAVE = frozenset({"serious", "critical"})

# A node's name is its title and its id, which is what one says to press it. What else is drawn on
# it is its description: that rule wants all of it in the name.
_ALLOWED = (("label-content-name-mismatch", 'class="oew-node-main"'),)

# What is wider than its card, or is cut off in it. Boxes that scroll by themselves may hold more,
# and a line that ends in an ellipsis has its whole text elsewhere.
_CUT = """selector => {
  const cut = [];
  const aside = '.oew-sr, .oew-bar, .leaflet-container, svg, :popover-open';
  for (const card of document.querySelectorAll(selector)) {
    const {left, right} = card.getBoundingClientRect();
    const tell = (element, why) => cut.push(`${card.closest('[id]')?.id}: ${why}: ` +
      `${element.tagName} ${element.getAttribute('class')} "${element.textContent.slice(0, 40)}"`);
    const walk = element => {
      for (const child of element.children) {
        const style = getComputedStyle(child);
        const box = child.getBoundingClientRect();
        if (child.matches(aside) || !box.width) continue;
        if (box.right > right + 1 || box.left < left - 1) tell(child, 'beyond the card');
        if (/auto|scroll/.test(style.overflowX) || style.textOverflow === 'ellipsis') continue;
        if (style.overflowX !== 'visible' && child.scrollWidth > child.clientWidth + 1)
          tell(child, 'cut off');
        walk(child);
      }
    };
    if (card.scrollWidth > card.clientWidth) tell(card, 'wider than itself');
    walk(card);
  }
  return cut;
}"""


def load_axe(page):
    """Give the page axe-core, once."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))


def grave_faults(page, selector, also=()):
    """Return what axe-core finds in the elements: serious, critical, or of an impact in `also`."""
    load_axe(page)
    return [
        f"{fault['id']}: {fault['html']}\n{fault['why']}"
        for fault in page.evaluate(_RUN, selector)
        if fault["impact"] in _GRAVE.union(also)
        and not any(fault["id"] == rule and part in fault["html"] for rule, part in _ALLOWED)
    ]


def cut_off(page, selector):
    """Return what stands out of the cards, or is cut off in them."""
    return page.evaluate(_CUT, selector)
