"""What the page of a search says: chips, why an organization matches, places that may be meant, and the order of the list."""

import re

import pytest
from starlette.testclient import TestClient

from tests.web.pages.conftest import find_links, read_text


@pytest.mark.parametrize(
    ("search", "english", "spanish"),
    [
        ("region=US-SOUTH", "in or serving the South", "con sede o servicios en el Sur"),
        ("region=US-SOUTH&by=LOCATED", "in the South", "con sede en el Sur"),
        ("region=DEEP-SOUTH&by=SERVING", "serving the Deep South", "que atienden el Sur Profundo"),
        ("region=US-GA", "in or serving Georgia", "con sede o servicios en Georgia"),
        ("region.not=US-GA&by=LOCATED", "not located in Georgia", "sin sede en Georgia"),
        ("region.not=US-SOUTH&by=SERVING", "not serving the South", "que no atienden el Sur"),
        ("near=33.75,-84.4", "nearest to the place you searched from", "primero lo más cercano al punto desde el que busca"),
        ("near=33.75,-84.4&radius=80", "within 50 miles of the place", "a menos de 50 millas del punto desde el que busca"),
        ("near=33.75,-84.4&radius=80.4672&unit=km", "within 80.47 km of", "a menos de 80.47 km del punto"),
    ],
)
def test_chips_of_regions_are_parts_of_sentences(visitor: TestClient, search: str, english: str, spanish: str) -> None:
    assert f"Looking for {english}" in read_text(visitor.get(f"/en/?{search}"))
    assert f"Usted busca {spanish}" in read_text(visitor.get(f"/es/?{search}"))


def test_what_is_not_located_in_a_region_is_one_chip(visitor: TestClient) -> None:
    response = visitor.get("/?region.not=US-GA&by=LOCATED")
    assert response.text.count('class="chip"') == 1
    assert 'aria-label="Remove not located in Georgia"' in response.text
    assert visitor.get("/?region=US-SOUTH&region.not=US-GA&by=LOCATED").text.count('class="chip"') == 3


def list_results(visitor: TestClient, address: str) -> list[str]:
    return [" ".join(row.split()) for row in re.findall(r'<li class="result">(.*?)</li>', visitor.get(address).text, re.DOTALL)]


@pytest.mark.parametrize(
    ("search", "english", "spanish"),
    [
        ("community=tenants", 'For <span class="ink"><b>tenants</b>', 'Para <span class="ink"><b>inquilinos e inquilinas</b>'),
        ("work=organizing", "How it works: ", "Cómo trabaja: "),
        (
            "language=es",
            'In these languages: <span class="ink"><b>Spanish</b>',
            'En estos idiomas: <span class="ink"><b>español</b>',
        ),
    ],
)
def test_a_result_says_which_terms_match(visitor: TestClient, search: str, english: str, spanish: str) -> None:
    for code, text in (("en", english), ("es", spanish)):
        results = list_results(visitor, f"/{code}/?{search}")
        assert results
        assert all(text in result for result in results)
    assert not any(text in result for result in list_results(visitor, "/en/?issue=housing") for text in ("For <", "How it works"))


def test_each_alternative_that_matches_is_shown(visitor: TestClient) -> None:
    results = list_results(visitor, "/?words=tenants groups&order=NAME")
    second_page = visitor.get("/?words=tenants groups")
    (after, *_) = [*find_links(second_page, "after="), ""]
    results += list_results(visitor, after) if after else []
    assert any("<b>tenants</b>" in result for result in results)
    assert all("<b>tenants</b>" in result or "<b>Tenants&#39; rights" in result for result in results)


def test_questions_about_places_have_the_corrected_name(visitor: TestClient) -> None:
    english, spanish = (read_text(visitor.get(f"/{code}/?words=tenants+in+Springfeild")) for code in ("en", "es"))
    assert "There are several places called “Springfield”" in english
    assert "Hay varios lugares llamados «Springfield»" in spanish


def test_a_state_that_is_called_like_a_city_says_so(visitor: TestClient) -> None:
    english = read_text(visitor.get("/en/?words=housing+in+New+York"))
    assert "“New York” was read as New York, NY. Did you mean another place? New York (state)" in english
    spanish = read_text(visitor.get("/es/?words=vivienda+en+Nueva+York"))
    assert "«Nueva York» se interpretó como Nueva York, NY. ¿Quiso decir otro lugar? Nueva York (estado)" in spanish


def test_places_that_are_meant_instead_are_names(visitor: TestClient) -> None:
    assert "Did you mean: Springfield, MA" in read_text(visitor.get("/en/?near=Springfeild"))
    assert "Tal vez quiso decir: Nueva York, NY" in read_text(visitor.get("/es/?near=New+Yrok"))
    assert "más cercano a Nueva York, NY" in read_text(visitor.get("/es/?near=New+York,+NY"))


@pytest.mark.parametrize(
    ("search", "order"),
    [
        ("near=Atlanta, GA", "DISTANCE"),
        ("words=tenants near Atlanta", "RELEVANCE"),
        ("near=Atlanta, GA&q=education", "RELEVANCE"),
        ("near=Atlanta, GA&order=NAME", "NAME"),
        ("issue=housing", "RELEVANCE"),
    ],
)
def test_the_order_that_is_selected_is_that_of_the_list(visitor: TestClient, search: str, order: str) -> None:
    selected = re.findall(r'<option value="([^"]*)" selected>', visitor.get(f"/?{search}").text)
    assert order in selected


def test_the_best_match_near_a_place_says_that_the_nearest_come_first(visitor: TestClient) -> None:
    assert "Best match, then nearest" in visitor.get("/?words=tenants near Atlanta").text
    assert "Best match<" in visitor.get("/?issue=housing").text
