from collections.abc import Iterable

import pytest

from directory.errors import BadInput
from directory.filters.query_strings import format_query_string
from directory.records import Audience, MembershipStatus, NameKind, PublishedRecord
from directory.search.snapshot import Snapshot, SnapshotState
from directory.suggestions.suggest import suggest
from directory.suggestions.suggestion import Suggestion, SuggestionKind
from tests.builders import (
    a_membership,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    an_alternative_name,
    an_organization,
    publish_for,
)


def a_snapshot(*organizations: PublishedRecord) -> Snapshot:
    return Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v"), organizations, {}, [])


def list_labels(suggestions: Iterable[Suggestion]) -> list[tuple[str, str]]:
    return [(suggestion.kind.value, suggestion.label()) for suggestion in suggestions]


SNAPSHOT = a_snapshot(
    an_organization("Atlanta Tenants Union"),
    an_organization(
        "Georgia Housing Alliance", names=(an_alternative_name("GHA", NameKind.ACRONYM), an_alternative_name("Tenants Together"))
    ),
    an_organization("Harbor Collective", summary="Tenants organizing on the harbor.", issue_areas=("tenants",)),
    an_organization("Tenants of Tomorrow", membership=a_membership(MembershipStatus.PROSPECT)),
)


@pytest.mark.parametrize("words", ["", "  ", "?!", "xyzzyxyzzy"])
def test_there_are_no_suggestions_without_a_match(words: str) -> None:
    assert suggest(SNAPSHOT, words) == []


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadInput):
        suggest(SNAPSHOT, "a " * 300)


@pytest.mark.parametrize(
    "words",
    ["tenants " * 60, '"a" "b" "c" "d" "e"', '"' * 500, ("comunites " * 31 + "q" * 188)[:500], "evicton " * 60, "SLC tenan"],
)
def test_any_text_of_allowed_length_has_suggestions_or_none(words: str) -> None:
    assert len(suggest(SNAPSHOT, words[:500])) <= 8


def test_organizations_are_found_by_their_names_alone_and_only_members() -> None:
    found = [one.label() for one in suggest(SNAPSHOT, "tena", 20) if one.kind is SuggestionKind.ORGANIZATION]
    assert found == ["Atlanta Tenants Union", "Georgia Housing Alliance"]


def test_a_whole_name_comes_first() -> None:
    first = suggest(SNAPSHOT, "gha")[0]
    assert (first.label(), first.is_exact, first.organization) == ("Georgia Housing Alliance", True, SNAPSHOT.index.rows[1])
    assert format_query_string(first.question) == "q=Georgia+Housing+Alliance"


def test_each_kind_has_its_share() -> None:
    others = a_stored_coalition("Texas Alliance"), a_stored_event("Texas meeting"), a_stored_instrument("Text of a treaty")
    organizations = (an_organization(f"Texas Tenants Union {number}") for number in range(30))
    many = a_snapshot(*organizations, *map(publish_for, others))
    kinds = [suggestion.kind for suggestion in suggest(many, "te", 9)]
    assert len(kinds) == 9
    assert set(kinds) == set(SuggestionKind)
    assert kinds.index(SuggestionKind.ORGANIZATION) < kinds.index(SuggestionKind.REGION)


@pytest.mark.parametrize(
    ("words", "first", "organization"),
    [
        ("tenan", [("ISSUE_AREA", "Tenants' rights and eviction"), ("COMMUNITY", "Tenants")], "Atlanta Tenants Union"),
        ("inquil", [("COMMUNITY", "Tenants")], "Unión de Inquilinos de Atlanta"),
        ("vivienda en", [("ISSUE_AREA", "Housing")], "Defensa por la Vivienda"),
        ("housing in", [("ISSUE_AREA", "Housing")], "Georgia Housing Institute"),
    ],
)
def test_themes_that_start_with_the_words_come_before_organizations(
    words: str, first: list[tuple[str, str]], organization: str
) -> None:
    found = list_labels(suggest(a_snapshot(an_organization(organization)), words))
    assert found[: len(first)] == first
    assert ("ORGANIZATION", organization) in found[len(first) :]


def test_organizations_come_before_themes_with_a_later_word_that_starts_so() -> None:
    kinds = [kind for kind, _ in list_labels(suggest(a_snapshot(an_organization("Unión de Desalojos")), "desaloj"))]
    assert kinds[:2] == ["ORGANIZATION", "ISSUE_AREA"]


def test_matches_of_the_label_come_before_matches_of_another_name() -> None:
    found = suggest(SNAPSHOT, "hou", 20)
    assert [one.is_other_name for one in found] == sorted(one.is_other_name for one in found)
    labels = [one.label() for one in found]
    assert labels.index("Houston, TX") < labels.index("Houston County, AL") < labels.index("Domestic workers")


def test_terms_that_most_members_carry_come_first() -> None:
    served = a_snapshot(
        an_organization("One", communities=("black-workers",)), an_organization("Two", communities=("domestic-workers",))
    )
    communities = [one.term for one in suggest(served, "work", 20) if one.kind is SuggestionKind.COMMUNITY]
    assert communities[:3] == ["workers", "black-workers", "domestic-workers"]


def test_postal_abbreviations_are_not_suggested() -> None:
    places = [one.label() for one in suggest(SNAPSHOT, "atl", 20) if one.kind is SuggestionKind.PLACE]
    assert places[0] == "Atlanta, GA"
    assert not {"Atl, GA", "Atlantic Bch, FL"} & set(places)
    assert any(one.label().startswith("Atlantic Bch") for one in suggest(SNAPSHOT, "Atlantic Bch"))


def test_exact_ones_come_first_even_alone() -> None:
    assert list_labels(suggest(SNAPSHOT, "tenants", 1)) == [("ISSUE_AREA", "Tenants' rights and eviction")]
    assert [suggestion.is_exact for suggestion in suggest(SNAPSHOT, "tenants")] == sorted(
        (suggestion.is_exact for suggestion in suggest(SNAPSHOT, "tenants")), reverse=True
    )


@pytest.mark.parametrize(
    ("words", "kind", "label", "address"),
    [
        ("hous", "ISSUE_AREA", "Housing", "issue=housing"),
        ("vivien", "ISSUE_AREA", "Housing", "issue=housing"),
        ("renter", "ISSUE_AREA", "Tenants' rights and eviction", "issue=tenants"),
        ("deportation", "ISSUE_AREA", "Immigration detention and deportation", "issue=detention-deportation"),
        ("farmw", "COMMUNITY", "Farmworkers", "community=farmworkers"),
        ("abogad", "WORK_AREA", "Law", "work=law"),
        ("geor", "REGION", "Georgia", "region=US-GA"),
        ("the sou", "REGION", "South", "region=US-SOUTH"),
        ("Mexico", "REGION", "Mexico", "region=MX"),
        ("suec", "REGION", "Sweden", "region=SE"),
        ("uk", "REGION", "United Kingdom", "region=GB"),
        ("fulton county, g", "REGION", "Fulton County, GA", "region=US-GA-121"),
        (
            "atlan",
            "PLACE",
            "Atlanta, GA",
            "any=near=city:US-GA:atlanta%26radius=80.4672|region=US-METRO-12060%26by=SERVING",
        ),
        ("3031", "PLACE", "30312", "any=near=zip:30312%26radius=80.4672|region=US-GA-121%26by=SERVING"),
    ],
)
def test_suggestions_lead_to_their_questions(words: str, kind: str, label: str, address: str) -> None:
    found = {(one.kind.value, one.label()): format_query_string(one.question) for one in suggest(SNAPSHOT, words, 20)}
    assert found[kind, label] == address


@pytest.mark.parametrize(
    ("words", "kind", "labels"),
    [
        ("vivien", "ISSUE_AREA", ("Housing", "Vivienda")),
        ("farmw", "COMMUNITY", ("Farmworkers", "Trabajadores agrícolas")),
        ("Mexico", "REGION", ("Mexico", "México")),
        ("fulton county, g", "REGION", ("Fulton County, GA", "Condado de Fulton, GA")),
        ("atlan", "PLACE", ("Atlanta, GA", "Atlanta, GA")),
        ("gha", "ORGANIZATION", ("Georgia Housing Alliance", "Georgia Housing Alliance")),
    ],
)
def test_labels_are_in_the_language_of_the_page(words: str, kind: str, labels: tuple[str, str]) -> None:
    suggestion = next(one for one in suggest(SNAPSHOT, words, 20) if (one.kind, one.label()) == (kind, labels[0]))
    assert (suggestion.label("en"), suggestion.label("es")) == labels
    assert (suggestion.label("es-MX"), suggestion.label("fr")) == (labels[1], labels[0])


def test_suggestions_name_their_term_region_place_or_organization() -> None:
    found = {one.kind: one for one in reversed(suggest(SNAPSHOT, "te", 20))}
    assert found[SuggestionKind.ISSUE_AREA].term == "tenants"
    assert found[SuggestionKind.REGION].region == "US-TX"
    place, organization = found[SuggestionKind.PLACE].place, found[SuggestionKind.ORGANIZATION].organization
    assert place
    assert place.name.startswith("Te")
    assert organization in SNAPSHOT.index.rows.records


def test_one_letter_suggests_no_place() -> None:
    assert not {one.kind for one in suggest(SNAPSHOT, "a", 20)} & {SuggestionKind.REGION, SuggestionKind.PLACE}
    assert suggest(SNAPSHOT, "atlanta", 20) == suggest(SNAPSHOT, "Atlanta", 20)


def test_the_code_of_a_country_suggests_nothing() -> None:
    regions = [one.region for one in suggest(SNAPSHOT, "al", 20) if one.region]
    assert "US-AL" in regions
    assert not {"AL", "DZ"} & set(regions)


def test_only_the_best_known_place_with_a_name_is_exact() -> None:
    places = [one for one in suggest(SNAPSHOT, "Atlanta", 20) if one.kind is SuggestionKind.PLACE]
    assert [one.label() for one in places if one.is_exact] == ["Atlanta, GA"]
    springfields = [one for one in suggest(SNAPSHOT, "Springfield", 20) if one.kind is SuggestionKind.PLACE]
    assert sum(one.is_exact for one in springfields) > 5


def test_a_nonmember_is_suggested_only_for_its_whole_name() -> None:
    snapshot = a_snapshot(
        an_organization("Tenants of Tomorrow", membership=a_membership(MembershipStatus.PROSPECT)),
        an_organization("Tenants of Tomorrow Together", membership=a_membership(MembershipStatus.PROSPECT)),
        an_organization("Friends of Tenants of Tomorrow"),
    )
    found = [one.label() for one in suggest(snapshot, "tenants of tomorrow", 20) if one.kind is SuggestionKind.ORGANIZATION]
    assert found == ["Tenants of Tomorrow", "Friends of Tenants of Tomorrow"]
