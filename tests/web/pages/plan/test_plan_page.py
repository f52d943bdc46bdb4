"""/plan: who covers what, why fewer are not enough, what changes after a no, and the file."""

import csv
import html
import io
import re
from urllib.parse import quote_plus

from starlette.testclient import TestClient

from directory.geo import Disclosure
from directory.live import Directory
from directory.records import Audience
from tests.builders import a_stored_location, an_id
from tests.web.conftest import put
from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.plan.conftest import BOTH, NATION, NOINDEX, QUESTION, ROOF, SECRET, SPARE, a_member, read_plan
from web.pages.plan.plan_page import EXAMPLE
from web.pages.search.search_form import format_pairs


def list_members(browser: TestClient, search: str) -> list[str]:
    """Return the names of the members in the order of the plan."""
    page = browser.get(f"/plan?{search}").text
    return [html.unescape(name) for name in re.findall(r"\d+\. </span><a [^>]*>([^<]*)</a>", page)]


def test_a_plan_names_its_members_and_what_each_covers(browser: TestClient) -> None:
    text = read_plan(browser, QUESTION)
    assert "2 members cover all 4 combinations" in text
    assert list_members(browser, QUESTION) == [BOTH.name, ROOF.name]
    assert "Only this member covers: housing in Alabama; racial justice in Alabama. Could stand in: Spare in Alabama" in text
    assert "Only this member covers: housing in Georgia; racial justice in Georgia. Could stand in: nobody" in text
    assert "1 member cannot do it. This is proven. These combinations each need somebody different" in text
    assert "Theme Alabama Georgia Housing 2 1 Racial justice 2 1" in text


def test_the_squares_repeat_the_table(browser: TestClient) -> None:
    page = browser.get(f"/plan?{QUESTION}&include={SPARE.slug}").text
    squares = re.findall(r'<svg class="squares".*?</svg>', page)
    paths = [re.findall(r'<path d="([^"]*)"/>', square) for square in squares]
    whole, half = "h10v10h-10z", "h10l-10 10z"
    assert paths == [
        [f"M0 0{whole}M0 12{whole}", ""],
        [f"M12 0{whole}M12 12{whole}", ""],
    ]
    shared = browser.get(f"/plan?{QUESTION}&include={SPARE.slug}&include={ROOF.slug}").text
    assert f'<path d="M0 0{half}M0 12{half}"/>' in shared


def test_a_member_says_no_and_the_page_says_what_changed(browser: TestClient) -> None:
    (decline,) = [link for link in find_links(browser.get(f"/plan?{QUESTION}"), "no=") if ROOF.slug in link]
    assert decline.endswith("#change")
    response = browser.get(decline)
    text = read_text(response)
    assert (
        "Roof in Alabama said no, so Spare in Alabama takes its place. The plan still has 2 members. Nobody else changed." in text
    )
    assert "<mark>New</mark>" in response.text.partition(SPARE.name + "</a>")[2][:40]
    assert "<s>" not in response.text
    (undo,) = [link for link in find_links(response, "/plan") if link.startswith(f"/plan?{QUESTION}#")]
    assert list_members(browser, undo.partition("?")[2].partition("#")[0]) == [BOTH.name, ROOF.name]
    spanish = read_plan(browser, decline.partition("?")[2].partition("#")[0], "/es")
    assert "«Roof in Alabama» dijo que no. Ocupa su lugar: Spare in Alabama. El plan sigue teniendo 2 miembros." in spanish


def test_a_no_that_cannot_be_replaced_leaves_gaps(browser: TestClient) -> None:
    text = read_plan(browser, f"{QUESTION}&no={BOTH.slug}")
    assert "Both in Georgia said no, and nobody takes its place. The plan has 1 member now; it had 2." in text
    assert "2 combinations that were covered stay uncovered now." in text
    assert "1 member covers 2 of 4 combinations" in text
    assert "Housing in Georgia: only excluded members could cover this." in text
    assert "Why not fewer?" not in text
    spare = read_plan(browser, f"{QUESTION}&no={SPARE.slug}")
    assert "Spare in Alabama said no. The plan did not need it, so nothing changed." in spare


def test_a_member_who_must_take_part_can_say_no(browser: TestClient) -> None:
    search = f"{QUESTION}&include={SPARE.slug}"
    assert list_members(browser, search) == [SPARE.name, BOTH.name]
    assert "It covers nothing of this plan" not in read_plan(browser, search)
    text = read_plan(browser, f"{search}&no={SPARE.slug}")
    assert "Spare in Alabama said no, so Roof in Alabama takes its place." in text
    assert "cannot both take part" not in text
    assert "Must take part" not in text.partition("Add themes")[0]


def test_a_proof_with_a_member_who_must_take_part_lists_the_combinations_of_the_others(browser: TestClient) -> None:
    text = read_plan(browser, f"issue=tenants&issue=racial-justice&region=US-AL&region=US-GA&include={NATION.slug}")
    assert "Must take part. It covers nothing of this plan." in text
    assert "No smaller plan covers as much. This is proven. Besides those that must take part, each of these" in text
    assert "no other member covers two of them: racial justice in Alabama racial justice in Georgia How ties" in text


def test_a_place_that_is_known_by_its_state_only_has_the_name_of_the_state(directory: Directory, browser: TestClient) -> None:
    place = a_stored_location("Cheyenne", state="US-WY", disclosure=Disclosure.STATE)
    put(directory, a_member("Choir of Wyoming", ("faith",), ("US-WY",), sites=(place,)))
    assert "· Wyoming (state only) ·" in read_plan(browser, "issue=faith&region=US-WY")


def test_places_are_in_the_order_of_their_names(browser: TestClient) -> None:
    for prefix, first, second in (("/en", "Middle Atlantic", "Pacific"), ("/es", "Atlántico Medio", "Centro Noreste")):
        names = re.findall(r'name="region"[^>]*><span>([^<]*)', browser.get(f"{prefix}/plan").text)
        assert names[:9] == sorted(names[:9])
        assert names.index(first) < names.index(second)


def test_rules_apply_and_are_chips(browser: TestClient) -> None:
    nationwide = read_plan(browser, "issue=housing&region=US-WY&nationwide=INCLUDE&by=SERVING")
    assert "1 member covers this" in nationwide
    assert "nationwide members count in every place" in nationwide
    assert "serving it" in nationwide
    twice = read_plan(browser, f"{QUESTION}&per=2&max=2")
    assert "each combination by at least 2 members" in twice
    assert "at most 2 members" in twice
    assert "Housing 2 1 missing 1 1 missing" in twice
    assert "We could not prove that none does." in twice
    one = read_plan(browser, f"{QUESTION}&max=1")
    assert "1 member covers 2 of 4 combinations" in one
    assert "members could cover this, but the plan may not have more members. Closest: " in one
    assert "No other plan of this size covers more. This is proven." in one
    nobody = read_plan(browser, "issue=tenants&region=US-GU")
    assert "Nobody can cover any of this" in nobody
    assert "Closest: Roof in Alabama" not in nobody  # it states no place


def test_a_typed_place_member_and_words_become_parts_of_the_plan(browser: TestClient) -> None:
    page = browser.get(f"/plan?issue=housing&place=alabama&member={quote_plus(SPARE.name)}&words=Roof").text
    assert "region=US-AL&amp;include=spare-in-alabama&amp;filter=q=Roof" in page
    assert "only members found by: “Roof”" in html.unescape(page)
    assert 'value="US-AL" checked' in page


def test_every_county_and_group_can_be_added_by_its_name(browser: TestClient) -> None:
    for name, code in (
        ("Deep South", "DEEP-SOUTH"),
        ("US-GA-121", "US-GA-121"),
        ("georgia", "US-GA"),
        ("ga", "US-GA"),
        ("Sur Profundo", "DEEP-SOUTH"),
    ):
        page = browser.get(f"/plan?issue=housing&place={quote_plus(name)}").text
        assert f'value="{code}" checked' in page, name


def test_an_empty_plan_says_what_to_choose(browser: TestClient) -> None:
    response = browser.get("/plan")
    assert "Choose at least one theme and one place." in read_text(response)
    assert NOINDEX not in response.text
    assert "Choose at least one place." in read_plan(browser, "issue=housing")
    assert "Choose at least one theme." in read_plan(browser, "region=US-GA")
    (example,) = find_links(response, "racial-justice")
    assert example == f"/plan?{format_pairs(EXAMPLE)}"
    assert "notice error" not in browser.get(example).text


def test_hidden_and_absent_members_are_the_same(browser: TestClient) -> None:
    """Nothing but the key in the address tells them apart."""
    for key in ("include", "exclude", "no", "member"):
        pages = []
        for slug in (SECRET.slug, "absent-shelter"):
            response = browser.get(f"/plan?{QUESTION}&{key}={slug}")
            assert SECRET.name not in response.text
            pages.append(response.text.replace(slug, "SLUG"))
        assert pages[0] == pages[1]
    note = f"{SECRET.slug} is not listed here, so the plan is made without it."
    assert note in read_plan(browser, f"{QUESTION}&include={SECRET.slug}")
    assert "Secret" not in read_plan(browser, f"{QUESTION}&include={SECRET.id}")


def test_a_member_that_is_hidden_later_leaves_the_plan(directory: Directory, browser: TestClient) -> None:
    leaver = a_member("Leaver in Ohio", ("housing",), ("US-OH",))
    put(directory, leaver)
    search = f"issue=housing&region=US-OH&include={leaver.slug}"
    assert list_members(browser, search) == [leaver.name]
    put(directory, a_member("Leaver in Ohio", ("housing",), ("US-OH",), audience=Audience.MEMBERS))
    text = read_plan(browser, search)
    assert leaver.name not in text
    assert f"{leaver.slug} is not listed here" in text


def test_the_file_has_a_line_for_each_member_and_runs_no_formula(browser: TestClient) -> None:
    response = browser.get(f"/plan.csv?{QUESTION}&include={NATION.slug}")
    assert response.headers["x-robots-tag"] == "noindex"
    assert "coalition-plan.csv" in response.headers["content-disposition"]
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [line["organization"] for line in lines] == ["'=Nation()", BOTH.name, ROOF.name]
    assert lines[0]["must take part"] == "yes"
    assert lines[2]["covers alone"] == "housing in Alabama; racial justice in Alabama"
    assert lines[2]["could stand in"] == SPARE.name
    assert lines[2]["page"] == f"http://localhost/organizations/{ROOF.slug}"
    assert browser.get("/es/plan.csv?" + QUESTION).content.decode("utf-8-sig").startswith("número,organización,")
    assert "Choose at least one place" in browser.get("/plan.csv?issue=housing").text


def test_sensitive_themes_have_the_exit_and_other_pages_do_not(browser: TestClient) -> None:
    assert 'class="exit"' in browser.get("/plan?issue=refugees&issue=housing").text
    assert 'class="exit"' not in browser.get(f"/plan?{QUESTION}").text


def test_the_other_language_keeps_the_question(browser: TestClient) -> None:
    address = f"/es/plan?{QUESTION}&no={ROOF.slug}"
    assert address in find_links(browser.get(f"/plan?{QUESTION}&no={ROOF.slug}"), "^/es/plan")
    assert "2 miembros cubren las 4 combinaciones" in read_text(browser.get(address))


def test_ids_of_an_older_address_become_slugs(browser: TestClient) -> None:
    page = browser.get(f"/plan?{QUESTION}&exclude={an_id(ROOF.name)}")
    assert f"exclude={ROOF.slug}" in read_text(page)
