"""What can be asked for, what is refused, and the description of a group that is not listed."""

from typing import Any

import pytest

from directory.errors import BadCursor, BadInput, DirectoryError, UnknownRegion, UnknownTerm
from directory.filters.origins import resolve_near
from directory.partners.allies.allies import find_allies
from directory.partners.allies.draft import MAX_DRAFT_VALUES, GroupDraft, describe_draft
from directory.partners.allies.request import (
    MAIN_WEIGHTS,
    MAX_GROUP,
    AllyMode,
    AllyRequest,
    AllyWeights,
    PartnerProfile,
    describe_organization,
)
from directory.question import Page, Question, TermFilter
from tests.builders import a_location, a_location_at, an_organization
from tests.directory.partners.allies.ally_records import build_snapshot
from tests.directory.partners.allies.test_ally_scores import TODAY

ALDER, BIRCH = (an_organization(name, issue_areas=("housing",)) for name in ("Alder", "Birch"))
SNAPSHOT = build_snapshot([ALDER, BIRCH, an_organization("Cedar", issue_areas=("housing",))])
PROFILE = describe_organization(ALDER)


@pytest.mark.parametrize("weight", [-0.01, 100.5, float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("name", AllyWeights.__struct_fields__)
def test_weights_are_from_0_to_100(name: str, weight: float) -> None:
    with pytest.raises(BadInput, match=f"The weight of “{name.replace('_', ' ')}” is .* from 0 to 100"):
        AllyWeights(**{name: weight})


@pytest.mark.parametrize("mode", AllyMode)
def test_one_of_the_weights_that_suggest_somebody_is_above_0(mode: AllyMode) -> None:
    zeros = dict.fromkeys(MAIN_WEIGHTS[mode], 0.0)
    with pytest.raises(BadInput, match="there is no reason left to suggest anybody"):
        AllyRequest(group=(PROFILE,), mode=mode, weights=AllyWeights(**zeros))
    for name in MAIN_WEIGHTS[mode]:
        AllyRequest(group=(PROFILE,), mode=mode, weights=AllyWeights(**{**zeros, name: 0.1}))


REFUSED_GROUPS: list[tuple[tuple[PartnerProfile, ...], str]] = [
    ((), "Say who looks for allies"),
    ((PROFILE, PROFILE), "listed twice"),
    (tuple(PartnerProfile(id=str(number)) for number in range(MAX_GROUP + 1)), "At most 20 organizations .* these are 21"),
]


@pytest.mark.parametrize(("group", "sentence"), REFUSED_GROUPS)
def test_groups_are_limited(group: tuple[PartnerProfile, ...], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        AllyRequest(group=group)


def test_a_cursor_belongs_to_one_request() -> None:
    def ask(**fields: Any) -> str | None:
        return find_allies(SNAPSHOT, AllyRequest(**{"group": (PROFILE,), **fields}), TODAY).start_cursor

    page = Page(after=ask())
    ask(page=page)
    others: list[dict[str, Any]] = [
        {"mode": AllyMode.SEEKS_AND_OFFERS},
        {"weights": AllyWeights(region=0.4)},
        {"group": (describe_organization(BIRCH),)},
        {"conditions": Question(issue_areas=TermFilter(("housing",)))},
    ]
    for other in others:
        with pytest.raises(BadCursor):
            ask(page=page, **other)


def test_the_profile_of_an_organization_has_its_published_places() -> None:
    places = (a_location(), a_location_at(33, -84))
    profile = describe_organization(an_organization(locations=places, service_areas=("US-GA",), seeks="a van"))
    assert len(profile.points) == 2
    assert {"US-GA", "US-GA-121", "US"} <= {*profile.location_regions, "US-GA-121"}
    assert (profile.service_areas, profile.seeks, profile.offers) == (("US-GA",), "a van", "")


# A group that is not listed


def describe(**fields: Any) -> PartnerProfile:
    return describe_draft(GroupDraft(**fields), SNAPSHOT)


def test_a_group_is_described_by_values() -> None:
    profile = describe(
        issue_areas=["tenants"], communities=["women"], work_areas=["law"], regions=["US-GA"], place=resolve_near("Decatur, GA"),
        seeks="a van", offers="litigation",
    )  # fmt: skip
    assert (profile.issue_areas, profile.communities, profile.work_areas) == (("tenants",), ("women",), ("law",))
    assert (profile.service_areas, profile.seeks, profile.offers, profile.id) == (("US-GA",), "a van", "litigation", None)
    assert "US-GA-089" in profile.location_regions
    assert len(profile.points) == 1


@pytest.mark.parametrize("words", ["a tenants' group in Decatur, GA", "un grupo de inquilinos en Decatur, GA"])
def test_a_group_is_described_in_a_sentence(words: str) -> None:
    profile = describe(words=words)
    assert "tenants" in profile.issue_areas
    assert "US-GA-089" in profile.location_regions
    assert len(profile.points) == 1


def test_a_state_has_no_point_and_a_service_area_is_no_place() -> None:
    assert describe(place=resolve_near("Georgia")).points == ()
    assert describe(words="housing in Georgia").location_regions[0] == "US-GA"
    profile = describe(words="a group that serves Georgia")
    assert (profile.service_areas, profile.location_regions) == (("US-GA",), ())


REFUSED_DRAFTS: list[tuple[dict[str, Any], type[DirectoryError], str]] = [
    ({}, BadInput, "Nothing in this description was understood"),
    ({"words": "xyzzy qwerty"}, BadInput, "Nothing in this description was understood"),
    ({"issue_areas": ["hosing"]}, UnknownTerm, "There is no issue area"),
    ({"communities": ["nobody-at-all"]}, UnknownTerm, "There is no community"),
    ({"work_areas": ["nothing-at-all"]}, UnknownTerm, "There is no work area"),
    ({"regions": ["US-XX"]}, UnknownRegion, "There is no region"),
    ({"regions": ["US-GA"] * (MAX_DRAFT_VALUES + 1)}, BadInput, "at most 50 regions"),
    ({"issue_areas": ["housing"] * (MAX_DRAFT_VALUES + 1)}, BadInput, "at most 50 issue areas"),
    ({"seeks": "x" * 501}, BadInput, "at most 500 characters"),
    ({"offers": "x" * 501}, BadInput, "at most 500 characters"),
    ({"words": "x" * 501}, BadInput, "at most 500 characters"),
    ({"words": "tenants in Chicago", "place": resolve_near("Atlanta, GA")}, BadInput, "another one: Chicago, IL"),
]


@pytest.mark.parametrize(("fields", "error", "sentence"), REFUSED_DRAFTS)
def test_descriptions_that_cannot_be_used_are_refused(fields: dict[str, Any], error: type[DirectoryError], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        describe(**fields)


def test_a_sentence_can_name_the_same_place_again() -> None:
    assert describe(words="tenants in Atlanta", place=resolve_near("Atlanta, GA")).points
