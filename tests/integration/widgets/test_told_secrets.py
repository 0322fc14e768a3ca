"""What a back-end tells of secrets in its texts stays out of the card, wherever they are cut."""

import openeo
import pytest
from openeo.rest.auth.auth import BasicBearerAuth, BearerAuth, OidcBearerAuth

from openeo_widgets import JobWidget, redact

TOKEN = "OpaqueTok3nQ7zR9xLm"


@pytest.fixture(autouse=True)
def nothing_known():
    redact._known.clear()
    yield
    redact._known.clear()


@pytest.mark.parametrize(
    "credentials", [BearerAuth(TOKEN), BasicBearerAuth(TOKEN), OidcBearerAuth("egi", TOKEN)]
)
def test_the_token_of_the_official_client(scripted, until, credentials):
    scripted.job |= {"description": f"ran as {TOKEN}"}
    connection = openeo.connect(scripted.url)
    connection.auth = credentials
    widget = JobWidget.from_id("j-1", connection)
    until(widget, lambda w: w.details)
    assert widget.details["description"] == "ran as …"
    widget.close()


@pytest.mark.parametrize("before", [19_960, 19_990])
def test_half_a_token_where_a_text_is_cut(scripted, until, before):
    redact.keep_secret(TOKEN)
    scripted.job |= {"description": f"{'x ' * (before // 2)}{TOKEN}{' more' * 3000}"}
    widget = JobWidget.from_id("j-1", openeo.connect(scripted.url))
    until(widget, lambda w: w.details)
    assert TOKEN[:4] not in widget.details["description"]
    assert widget.details["description"].endswith("…")
    widget.close()
