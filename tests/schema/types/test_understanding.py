"""How words were understood: corrections, names of several places, unknown places, and searches that lead on from there."""

from typing import Any

import pytest

from tests.schema.conftest import HARBOR, Ask

UNDERSTANDING = """query($words: String!) {
  understand(query: $words) { ...All }
  organizations(words: $words) { understanding { ...All } }
}
fragment All on Understanding {
  query search optionalWords needsFromAsker leftOut notes parts { field value label search }
  corrections { original corrected search }
  ambiguous { words candidates { kind label search node { __typename id } } }
  unknownPlaces { words nearest { kind label search } }
}"""
QUESTION = """query($words: String, $search: String) {
  organizations(words: $words, search: $search) { totalCount question { field value } }
}"""


def explain(ask: Ask, words: str) -> dict[str, Any]:
    """Return how words are understood, which is the same in both fields."""
    data = ask(UNDERSTANDING, words=words)["data"]
    assert data["organizations"]["understanding"] == data["understand"]
    understanding: dict[str, Any] = data["understand"]
    return understanding


STRANGE = "housing \udfff", "housing \x00 quiet", "🏠 housing", "housing near \ud800town", "\u202ehousing", "'" * 99


@pytest.mark.parametrize("words", STRANGE)
def test_strange_characters_are_read(ask: Ask, words: str) -> None:
    errors = ask(UNDERSTANDING, words=words).get("errors", [])
    assert all(error["extensions"]["code"] == "BAD_INPUT" for error in errors)


def test_the_search_of_an_understanding_is_the_same_question(ask: Ask) -> None:
    for words in ("who works on housing near Atlanta", "quiet housing", "tenants or workers in Georgia", HARBOR.name, "near us"):
        search = explain(ask, words)["search"]
        answers = [ask(QUESTION, **arguments)["data"] for arguments in ({"words": words}, {"search": search})]
        assert answers[0] == answers[1]


def test_a_correction_can_be_undone(ask: Ask) -> None:
    understanding = explain(ask, "evicton help in Atlnta")
    corrections = [(one["original"], one["corrected"]) for one in understanding["corrections"]]
    assert corrections == [("evicton", "eviction"), ("Atlnta", "Atlanta")]
    for correction in understanding["corrections"]:
        parts = ask(QUESTION, search=correction["search"])["data"]["organizations"]["question"]
        assert {"field": "optionalWords", "value": correction["original"].lower()} in parts
        assert len({correction["search"], understanding["search"]}) == 2
    assert explain(ask, "eviction help in Atlanta")["corrections"] == []


def test_a_name_of_several_places_leads_to_each_of_them(ask: Ask) -> None:
    understanding = explain(ask, "housing in Springfield")
    (ambiguous,) = understanding["ambiguous"]
    assert (ambiguous["words"], understanding["search"]) == ("Springfield", "issue=housing")
    candidates = {one["label"]: one for one in ambiguous["candidates"]}
    assert {"Springfield, IL", "Springfield, MA"} <= candidates.keys()
    illinois = candidates["Springfield, IL"]
    assert (illinois["kind"], illinois["node"]["__typename"]) == ("PLACE", "Place")
    assert illinois["search"].startswith("issue=housing&")
    assert "errors" not in ask(QUESTION, search=illinois["search"])


def test_unknown_places_and_words_about_the_asker_are_listed(ask: Ask) -> None:
    unknown = explain(ask, "housing near Atlantaville")
    assert [place["words"] for place in unknown["unknownPlaces"]] == ["Atlantaville"]
    assert unknown["unknownPlaces"][0]["nearest"]
    for place in unknown["unknownPlaces"][0]["nearest"]:
        assert "errors" not in ask(QUESTION, search=place["search"])
    near_us = explain(ask, "housing near us")
    assert (near_us["needsFromAsker"], near_us["leftOut"], near_us["search"]) == (["near us"], ["near us"], "issue=housing")


def test_near_us_asks_for_nothing_once_the_search_has_a_place(ask: Ask) -> None:
    document = """query($search: String, $filter: OrganizationFilter, $words: String = "housing near us") {
      organizations(words: $words, search: $search, filter: $filter) { understanding { needsFromAsker leftOut } }
    }"""
    near, georgia = {"near": {"place": {"name": "Atlanta, GA"}}}, {"regions": {"anyOf": ["US-GA"]}}
    located: list[dict[str, Any]] = [
        {"filter": near},
        {"filter": {"or": [{"near": near["near"] | {"radius": 50}}, georgia]}},
        {"search": "near=atlanta&radius=80"},
        {"search": "any=near=atlanta%26radius=80|region=US-GA"},
        {"words": "housing near Atlanta, near us"},
    ]
    others: list[dict[str, Any]] = [{}, {"filter": georgia}, {"search": "issue=tenants"}]
    for arguments, needs in [(one, []) for one in located] + [(one, ["near us"]) for one in others]:
        understanding = ask(document, **arguments)["data"]["organizations"]["understanding"]
        assert understanding == {"needsFromAsker": needs, "leftOut": needs}, arguments


def test_words_that_no_record_contains_are_left_out_with_a_note(ask: Ask) -> None:
    understanding = explain(ask, "zzqy harbor")
    assert understanding["query"] == "harbor"
    assert len(understanding["notes"]) == 1
    assert ask(QUESTION, words="zzqy harbor")["data"]["organizations"]["totalCount"] == 1


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("", "No record contains “zzqy”."),
        ('(language: "en")', "No record contains “zzqy”."),
        ('(language: "es")', "Ningún perfil contiene «zzqy»."),
        ('(language: "es-MX")', "Ningún perfil contiene «zzqy»."),
        ('(language: "fr")', "No record contains “zzqy”."),
    ],
)
def test_notes_are_in_the_language_that_is_asked_for(ask: Ask, language: str, note: str) -> None:
    body = ask(f'{{ understand(query: "zzqy harbor") {{ notes{language} }} }}')
    assert body["data"]["understand"]["notes"] == [note]


def test_notes_are_otherwise_in_the_language_of_the_words(ask: Ask) -> None:
    body = ask('{ understand(query: "vivienda en el Noroeste") { notes english: notes(language: "en") } }')
    (spanish,), (english,) = body["data"]["understand"].values()
    assert spanish.startswith("«el Noroeste» se interpretó como")
    assert english.startswith("“el Noroeste” was read as")


def test_optional_words_are_parts_that_can_be_removed(ask: Ask) -> None:
    understanding = explain(ask, "quiet housing")
    assert understanding["optionalWords"] == ["quiet"]
    searches = {part["field"]: part["search"] for part in understanding["parts"]}
    assert searches == {"optionalWords": "issue=housing", "issueAreas": "optional=quiet"}
