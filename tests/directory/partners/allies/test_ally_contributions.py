"""What makes a contribution larger, and never smaller."""

from directory.geo import Precision
from directory.partners.allies.evidence import AllyReasonKind as Kind
from directory.partners.allies.evidence import compute_rarity
from directory.partners.allies.request import AllyMode
from tests.builders import a_location, a_location_at, an_id
from tests.directory.partners.allies.small_directories import explain, score

ATLANTA, DECATUR, SAVANNAH = a_location(), a_location("Decatur, GA"), a_location("Savannah, GA")
THEMES, PLACES, EXCHANGE = AllyMode


def test_one_more_shared_term_adds_to_the_score() -> None:
    own = {"issue_areas": ("housing", "health"), "communities": ("women", "youth"), "work_areas": ("law", "organizing")}
    for facet, slugs in own.items():
        assert score(own, {facet: slugs[:1]}) < score(own, {facet: slugs}), facet


def test_a_rarer_term_counts_more() -> None:
    own = {"issue_areas": ("housing", "health")}
    common = {"issue_areas": ("housing",)}
    assert score(own, {"issue_areas": ("health",)}, common, common) > score(own, common, common, {"issue_areas": ("health",)})
    rarities = [compute_rarity(members, 300) for members in range(1, 301)]
    assert rarities == sorted(rarities, reverse=True)
    assert rarities[0] == 1
    assert 0 < rarities[-1] < 0.001
    assert compute_rarity(0, 0) == 1


def test_a_match_through_a_broader_term_counts_less() -> None:
    for facet, same, sibling in (
        ("issue_areas", "tenants", "homelessness"), ("communities", "black-workers", "black"),
        ("work_areas", "litigation", "law"),
    ):  # fmt: skip
        assert 0 < score({facet: (same,)}, {facet: (sibling,)}) < score({facet: (same,)}, {facet: (same,)}), facet


def test_a_smaller_distance_never_counts_less() -> None:
    other = {"issue_areas": ("health",)}
    scores = [
        score({"locations": (a_location_at(33, -84),)}, {**other, "locations": (a_location_at(33 + degrees, -84),)}, mode=PLACES)
        for degrees in (0, 0.01, 0.5, 1, 1.79, 1.81)
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[2] > scores[4] > 0 == scores[5]  # 200 km are about 1.8 degrees


def test_a_narrower_shared_region_counts_more() -> None:
    fields = {"issue_areas": ("health",)}
    elsewhere = {"locations": (SAVANNAH,), "service_areas": ("US-GA-051",)}
    for name, narrow, wide in (
        ("service_areas", ("US-GA-121",), ("US-GA",)),
        ("locations", (DECATUR,), (a_location("Savannah, GA", id=an_id("x")),)),
    ):
        own = {name: narrow}
        assert score(own, {**fields, name: narrow}, elsewhere, mode=PLACES) > score(
            own, {**fields, name: wide}, elsewhere, mode=PLACES
        )


def test_only_the_rarest_region_counts() -> None:
    reasons = explain({"locations": (ATLANTA,)}, {"locations": (ATLANTA,), "issue_areas": ("health",)}, PLACES)
    assert sum(reason.kind is Kind.SAME_REGION for reason in reasons) == 1


def test_a_whole_country_is_shared_only_by_those_that_serve_all_of_it() -> None:
    health = {"issue_areas": ("health",)}
    assert score({"service_areas": ("US",)}, {"service_areas": ("US",), **health}, mode=PLACES) > 0
    assert score({"service_areas": ("US",)}, {"service_areas": ("US-GA",), **health}, mode=PLACES) == 0


def test_a_place_that_is_known_only_by_its_state_has_no_distance() -> None:
    coarse = a_location_at(33, -84, precision=Precision.STATE)
    reasons = explain({"locations": (coarse,)}, {"locations": (a_location_at(33, -84),), "issue_areas": ("health",)}, PLACES)
    assert Kind.NEARBY not in {reason.kind for reason in reasons}


def test_place_alone_is_no_reason_when_themes_are_asked_for() -> None:
    assert score({"locations": (ATLANTA,), "issue_areas": ("housing",)}, {"locations": (ATLANTA,)}) == 0


def test_who_works_in_a_way_that_is_sought_counts_less_than_who_offers_it() -> None:
    own = {"seeks": "litigation"}
    offering, working = (
        score(own, {"offers": "litigation"}, mode=EXCHANGE),
        score(own, {"work_areas": ("litigation",)}, mode=EXCHANGE),
    )
    assert offering > working > 0
    assert score({"offers": "litigation"}, {"work_areas": ("litigation",)}, mode=EXCHANGE) == 0  # which need not seek it


def test_all_words_of_a_term_must_be_named() -> None:
    own = {"seeks": "legal services"}
    assert score(own, {"offers": "We have legal services"}, mode=EXCHANGE) > 0
    assert score(own, {"offers": "Services of the church"}, {"offers": "Legal"}, mode=EXCHANGE) == 0
