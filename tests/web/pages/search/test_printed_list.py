"""A printed list says from when it is, where it was found and how much of it is on paper."""

import html
import re

import pytest
from starlette.testclient import TestClient

from tests.web.pages.conftest import find_links, read_count, read_text

LONG, SHORT = "order=NAME", "issue=housing&region=US-GA&nationwide=EXCLUDE"


def test_a_long_list_says_that_only_the_first_are_printed(visitor: TestClient) -> None:
    response = visitor.get(f"/en/?{LONG}")
    total = read_count(response)
    assert f"Printed here: the first 20 of {total} organizations" in read_text(response)
    assert f"Aquí impresas: las primeras 20 de {total} organizaciones" in read_text(visitor.get(f"/es/?{LONG}"))
    (following,) = find_links(response, "[?&]after=")
    page = read_text(visitor.get(following))
    assert f" of {total} organizations" in page.partition("Printed here: ")[2]
    assert "Printed here: the first" not in page


@pytest.mark.parametrize("search", [LONG, SHORT])
def test_the_address_and_the_day_are_printed(visitor: TestClient, search: str) -> None:
    response = visitor.get(f"/en/?{search}")
    assert re.search(rf">https?://[^/<]+{re.escape(f'/en/?{search}')}</p>", html.unescape(response.text))
    assert "As of " in read_text(response)


def test_a_short_list_does_not_say_how_much_of_it_is_printed(visitor: TestClient) -> None:
    response = visitor.get(f"/en/?{SHORT}")
    assert 0 < read_count(response) <= 20
    assert "Printed here" not in response.text
