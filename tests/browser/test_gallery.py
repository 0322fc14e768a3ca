"""Every state of the card, as the gallery has them: no fault for assistive technology, nothing cut.

Without JupyterLab, so that all of them can be tried in each theme and width.
"""

import re

import pytest
from harness.looks import CLICK, LOOKS, RTL, cut_off, grave_faults
from playwright.sync_api import expect

CARD = ".oew-job"
TABS = ("Logs", "Details", "Process", "Requests")


@pytest.fixture(params=LOOKS.values(), ids=LOOKS)
def page(gallery, request):
    return gallery(**request.param)


def open_tabs(page, name):
    """Open a tab in every card that has it closed, and wait until the panels have their say."""
    page.locator(f"[role=tab][aria-selected=false][id$={name}]").evaluate_all(CLICK)
    panel = f".oew-panel-{name.lower()}"
    expect(page.locator(panel)).to_have_count(page.locator(f"[role=tab][id$={name}]").count())
    waiting = page.locator(f"{panel} p", has_text=re.compile("^(Loading|Asking) "))
    expect(waiting).to_have_count(0, timeout=30_000)


def faults(page, selector=CARD):
    return grave_faults(page, selector) + cut_off(page, selector)


def test_cards_as_they_are_drawn(page):
    assert page.locator(CARD).count() > 30
    assert faults(page) == []


def test_every_tab_of_every_card(page):
    found = {}
    for name in TABS:
        open_tabs(page, name)
        if name == "Logs":
            card = page.locator("#logs-of-a-failed-job")
            expect(card.locator("[data-index]").first).to_be_visible()
            for key in ("End", "Enter"):
                card.get_by_role("listbox").press(key)
            expect(card.locator(".oew-log-details")).to_contain_text("MemoryLimitExceeded")
        if name == "Process":
            page.locator(".oew-node-main[tabindex='0']").evaluate_all(CLICK)
            expect(page.locator(".oew-node-details").first).to_be_visible()
        found[name] = faults(page)
    assert found == {name: [] for name in TABS}


@pytest.mark.parametrize("look", ["wide, light", "narrow, dark"])
def test_menu_questions_and_forms(gallery, look):
    page = gallery(**LOOKS[look])
    found = {}
    one = "#before-a-start-with-problems .oew-job"
    card = page.locator(one)
    more = card.get_by_role("button", name="More actions")
    more.click()
    expect(card.get_by_role("menu")).to_be_visible()
    found["menu"] = faults(page, one)
    page.keyboard.press("Escape")
    card.get_by_role("button", name="Start", exact=True).click()
    expect(card.get_by_role("group")).to_contain_text("Start all the same?")
    found["start"] = faults(page, one)
    for item in ("Edit title and description…", "Duplicate…", "Delete…"):
        more.click()
        card.get_by_role("menuitem", name=item).click()
        if item == "Duplicate…":
            card.get_by_role("textbox", name="Options").fill("{")
        elif item != "Delete…":
            expect(card.get_by_role("textbox", name="Title")).to_be_focused()
        found[item] = faults(page, one)
        leave = "Keep" if item == "Delete…" else "Discard"
        card.get_by_role("button", name=leave, exact=True).click()
        if item == "Duplicate…":  # something was written there
            found["leave"] = faults(page, one)
            card.get_by_role("button", name="Yes, discard").click()
    assert found == {name: [] for name in found}


def test_from_right_to_left(gallery):
    page = gallery(width=320)
    page.evaluate(RTL)
    assert faults(page) == []
    for name in TABS:
        open_tabs(page, name)
        assert cut_off(page, CARD) == [], name


def test_nothing_moves_for_who_wants_that(gallery):
    page = gallery(reduced_motion="reduce")
    expect(page.locator(".oew-moving").first).to_be_visible()
    for name in TABS:
        open_tabs(page, name)
    assert page.evaluate("() => document.getAnimations().length") == 0
