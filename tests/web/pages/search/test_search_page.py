"""The page of a search, against the API that it is made of."""

import re
from typing import Any
from urllib.parse import quote_plus

import pytest
from starlette.testclient import TestClient

from tests.web.pages.conftest import find_links, read_count, read_text

SEARCHES = [
    "issue=housing",
    "issue=tenants&community=tenants",
    "region=US-GA",
    "near=Atlanta, GA&radius=400",
    "q=education",
    "any=issue=housing|community=tenants&order=NAME",
]


def ask(visitor: TestClient, document: str, **variables: Any) -> dict[str, Any]:
    body = {"query": document, "variables": variables}
    data: dict[str, Any] = visitor.post("/graphql", json=body, headers={"Accept": "application/json"}).json()["data"]
    return data


def test_the_first_page_has_a_search_box_and_themes_with_counts(visitor: TestClient) -> None:
    response = visitor.get("/")
    assert response.status_code == 200
    assert 'name="words"' in response.text
    data = ask(visitor, "{ issueAreas(first: 100) { nodes { slug organizationCount broader { slug } } } }")
    tops = [node for node in data["issueAreas"]["nodes"] if not node["broader"]]
    assert len(tops) > 5
    for node in tops:
        assert re.search(rf'issue={node["slug"]}">[^<]+</a> <span class="number">{node["organizationCount"]}<', response.text)


@pytest.mark.parametrize("search", SEARCHES)
def test_the_list_is_that_of_the_api(visitor: TestClient, search: str) -> None:
    document = "query($s: String) { organizations(search: $s) { totalCount nodes { slug } } }"
    found = ask(visitor, document, s=search)["organizations"]
    assert found["totalCount"] > 0
    response = visitor.get(f"/?{search}")
    assert read_count(response) == found["totalCount"]
    shown = re.findall(r'<h2><a href="/organizations/([^"]+)"', response.text)
    assert shown == [node["slug"] for node in found["nodes"]]


@pytest.mark.parametrize("search", SEARCHES)
def test_every_chip_can_be_removed(visitor: TestClient, search: str) -> None:
    response = visitor.get(f"/?{search}")
    removals = re.findall(r'<a href="([^"]+)" data-update aria-label="Remove', response.text)
    assert removals
    for address in removals:
        without = visitor.get(address.replace("&amp;", "&"))
        assert without.status_code == 200
        assert read_count(without) >= read_count(response)


@pytest.mark.parametrize("search", SEARCHES[:3])
def test_the_count_beside_a_box_is_that_of_the_search_with_it_alone(visitor: TestClient, search: str) -> None:
    response = visitor.get(f"/?{search}")
    boxes = re.findall(r'name="community" value="([^"]+)".*?<span class="number">([\d,]+)', response.text, re.DOTALL)
    assert len(boxes) >= 3
    for value, number in boxes[:5]:
        others = "&".join(pair for pair in search.split("&") if not pair.startswith("community="))
        assert read_count(visitor.get(f"/?{others}&community={value}")) == int(number.replace(",", ""))


def test_the_form_keeps_what_it_has_no_boxes_for(visitor: TestClient) -> None:
    response = visitor.get("/?issue=housing&region=US-GA&q=education&any=issue=housing|community=tenants")
    form = response.text[response.text.index("data-facets") :].partition("</form>")[0]
    for key, value in [("region", "US-GA"), ("q", "education"), ("any", "issue=housing|community=tenants")]:
        assert f'<input type="hidden" name="{key}" value="{value}">' in form
    assert 'type="hidden" name="issue"' not in form
    assert re.search(r'name="issue" value="housing" checked', form)


def test_words_are_understood_and_corrected(visitor: TestClient) -> None:
    response = visitor.get("/?words=evicton+help+in+Atlnta")
    text = read_text(response)
    assert "Showing results for eviction" in text
    assert "Search instead for “evicton”" in text
    assert 'value="evicton help in Atlnta"' in response.text


def test_words_left_over_are_optional_and_can_be_required(visitor: TestClient) -> None:
    response = visitor.get("/?words=housing+supper")
    assert "Organizations that mention “supper” come first, then the others." in read_text(response)
    (required,) = find_links(response, r"[?&]q=supper")
    assert 0 < read_count(visitor.get(required)) < read_count(response)


def test_reasons_name_the_region_as_sentences_do(visitor: TestClient) -> None:
    english, spanish = (read_text(visitor.get(f"/{code}/?region=US-SOUTH")) for code in ("en", "es"))
    assert "Located in the South" in english
    assert "Con sede en el Sur" in spanish


def test_notes_are_in_the_language_of_the_page(visitor: TestClient) -> None:
    for words in ("housing+in+the+Northwest", "vivienda+en+el+Noroeste"):
        assert "was read as Idaho, Oregon and Washington" in read_text(visitor.get(f"/en/?words={words}"))
        assert "se interpretó como Idaho, Oregón y Washington" in read_text(visitor.get(f"/es/?words={words}"))


def test_counties_have_one_name_in_each_language(visitor: TestClient) -> None:
    """In the list of organizations as in the filters and on the pages of places."""
    english, spanish = (read_text(visitor.get(f"/{code}/?region=US-GA&issue=migration")) for code in ("en", "es"))
    (name, *_) = re.findall(r"(\w+) County, [A-Z]{2} \(county only\)", english)
    assert f"Condado de {name}, " in spanish
    assert f"{name} County" not in spanish


def test_texts_in_another_language_are_marked(visitor: TestClient) -> None:
    for code, other in (("en", "es"), ("es", "en")):
        page = visitor.get(f"/{code}/?community=latinx").text
        assert re.search(rf'<p lang="{other}">', page)
        assert f'<p lang="{code}">' not in page


def test_near_us_asks_for_a_place(visitor: TestClient) -> None:
    assert "Where is that?" in visitor.get("/?words=evictions+near+us").text


def test_a_name_of_several_places_is_asked_back(visitor: TestClient) -> None:
    response = visitor.get("/?words=evictions+in+Springfield")
    assert "There are several places called “Springfield”" in read_text(response)
    assert len(find_links(response, "springfield|Springfield")) >= 2


def test_nothing_found_leads_to_searches_that_find_something(visitor: TestClient) -> None:
    response = visitor.get("/?issue=tenants&kind=PUBLIC_BODY&region=US-WY&nationwide=EXCLUDE")
    assert read_count(response) == 0
    steps = re.findall(r'<span class="number">([\d,]+)</span>\s*<a href="([^"]+)"', response.text)
    assert steps
    for number, address in steps:
        assert read_count(visitor.get(address.replace("&amp;", "&"))) == int(number.replace(",", ""))


def test_next_steps_are_sentences(visitor: TestClient) -> None:
    """They do not list conditions that did not change."""
    search = "near=Deep+South&radius=50&region.not=US-SOUTH"
    english, spanish = (read_text(visitor.get(f"/{code}/?{search}")) for code in ("en", "es"))
    for text in (
        "Include organizations that serve the place",
        "Organizations that work nationwide",
        "Leave out not in the South",
    ):
        assert text in english
    for text in (
        "Incluir organizaciones que atienden el lugar",
        "Organizaciones que trabajan en todo el país",
        "Quitar fuera del Sur",
    ):
        assert text in spanish
    both = read_text(visitor.get("/?issue.all=tenants&issue.all=arts-culture&kind=UNION&region=US-VT&nationwide=EXCLUDE"))
    assert "Searches that find organizations" in both
    assert " also " not in both.partition("Searches that find organizations")[2].partition("Is an organization missing")[0]


def test_pages_of_the_list_follow_each_other(visitor: TestClient) -> None:
    first = visitor.get("/?order=NAME")
    (after,) = find_links(first, "after=")
    second = visitor.get(after)
    (before,) = find_links(second, "before=")
    names = [re.findall(r'<h2><a href="([^"]+)"', page.text) for page in (first, second, visitor.get(before))]
    assert names[0] == names[2]
    assert len(names[0]) == len(names[1]) == 20
    assert set(names[0]).isdisjoint(names[1])


def test_distances_are_in_miles_or_kilometers(visitor: TestClient) -> None:
    miles = [float(n.replace(",", "")) for n in re.findall(r"about ([\d.,]+) miles", visitor.get("/?near=Atlanta, GA").text)]
    km = [float(n.replace(",", "")) for n in re.findall(r"about ([\d.,]+) km", visitor.get("/?near=Atlanta, GA&unit=km").text)]
    assert len(miles) == len(km) > 5
    assert all(abs(one * 1.609344 - other) <= 1 for one, other in zip(miles, km, strict=True))


def test_the_whole_list_can_be_downloaded(visitor: TestClient) -> None:
    page = visitor.get("/?issue=housing")
    (csv,), (geojson,) = find_links(page, r"\.csv"), find_links(page, r"\.geojson")
    lines = visitor.get(csv)
    assert lines.headers["content-disposition"] == 'attachment; filename="organizations.csv"'
    assert len(lines.text.splitlines()) >= read_count(page) + 1
    names = {feature["properties"]["name"] for feature in visitor.get(geojson).json()["features"]}
    assert len(names) == read_count(page)


def test_a_download_of_an_invalid_search_says_why(visitor: TestClient) -> None:
    response = visitor.get("/organizations.csv?bogus=1")
    assert response.headers["content-type"].startswith("text/html")
    assert "bogus" in read_text(response)


@pytest.mark.parametrize(
    ("invalid", "sentence"),
    [
        ("region=US-GX", "There is no region “US-GX”."),
        ("issue=housng", "There is no theme or language “housng”."),
        ("near=Atlnta&radius=50", "There is no place called “Atlnta”."),
        ("near=Springfield", "There are several places called “Springfield”."),
        ("kind=FOO", "A part of the address is not valid and was left out: “kind=FOO”."),
        ("bogus=1", "A part of the address is not valid and was left out: “bogus=1”."),
        ("founded=x", "A part of the address is not valid and was left out: “founded=x”"),
        ("within=1,2", "A part of the address is not valid and was left out: “within=1,2”"),
        ("q=" + "a" * 501, "The text for “q” is too long. It can have at most 500 characters."),
        ("words=" + "a" * 501, "The text for “words” is too long."),
        ("after=x", "This page of the list does not exist any more."),
        ("any=issue=foo|community=tenants", "There is no theme or language “foo”."),
        ("radius=5", "A part of the address is not valid and was left out: “radius=5”."),
        ("id=%00%FF", "A part of the address is not valid"),
    ],
)
def test_what_is_invalid_is_said_and_the_rest_still_applies(visitor: TestClient, invalid: str, sentence: str) -> None:
    response = visitor.get(f"/?community=tenants&{invalid}")
    assert response.status_code == 200
    assert sentence in read_text(response)
    assert "The rest of your search still applies." in read_text(response)
    assert read_count(response) == read_count(visitor.get("/?community=tenants"))


def test_a_suggestion_replaces_the_invalid_value(visitor: TestClient) -> None:
    (better,) = find_links(visitor.get("/?community=tenants&issue=housng"), "issue=housing")
    assert read_count(visitor.get(better)) == read_count(visitor.get("/?community=tenants&issue=housing"))


def test_suggestions_have_names_and_codes_where_names_are_equal(visitor: TestClient) -> None:
    assert "Did you mean: Georgia (US-GA) , Georgia (GE)" in read_text(visitor.get("/?region=Georga"))
    assert "Tal vez quiso decir: Vivienda" in read_text(visitor.get("/es/?issue=housng"))
    assert "Did you mean" not in read_text(visitor.get("/?any=issue=housng|community=tenants"))


def test_many_invalid_parts_are_left_out_after_a_few(visitor: TestClient) -> None:
    pairs = "&".join(f"issue=x{number}" for number in range(60))
    response = visitor.get(f"/?{pairs}&community=tenants")
    assert response.status_code == 200
    assert "This address has too many conditions." in read_text(response)


@pytest.mark.parametrize("query", ["%", "%zz", "=", "&&&", "words=%C3%28", "issue=" + quote_plus("\x00"), "words=%F0%9F%92%A9"])
def test_no_query_string_breaks_the_page(visitor: TestClient, query: str) -> None:
    assert visitor.get(f"/?{query}").status_code == 200


def test_too_many_parameters_and_too_long_addresses_are_refused_with_a_page(visitor: TestClient) -> None:
    for query in ("&".join(["a=1"] * 201), "words=" + "a" * 33_000):
        response = visitor.get(f"/?{query}")
        assert response.status_code == 414
        assert "This address is too long" in read_text(response)
