"""Looking again: what a page or a kernel is about to show, it shows late on a busy machine."""

import time

_LONG_S = 20


def wait_seen(page, look, holds=bool):
    """Look until what is found is as wanted, and return it.

    Args:
        page: Playwright's page, which lives on meanwhile.
        look: What finds it, called without arguments.
        holds: Whether that is what is waited for. By default, that there is something.

    Raises:
        AssertionError: With what was found last, when it does not come.
    """
    until = time.monotonic() + _LONG_S
    while not holds(found := look()):
        assert time.monotonic() < until, found
        page.wait_for_timeout(50)
    return found


def wait_still(page, look):
    """Look until the same is found for a while, as after a scrolling, and return it."""
    found = [look()]

    def look_again():
        page.wait_for_timeout(100)
        found.append(look())
        return len(found) > 3 and len(set(found[-4:])) == 1

    wait_seen(page, look_again)
    return found[-1]
