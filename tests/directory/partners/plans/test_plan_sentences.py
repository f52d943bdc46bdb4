"""What plans say in words, in English and Spanish."""

from typing import Any

import pytest

from directory.partners.plans import exhaustive_search
from directory.partners.plans.plan import Plan
from directory.partners.plans.plan_sentences import describe_certificate, describe_gap
from directory.search.snapshot import Snapshot
from tests.directory.partners.plans.test_plan import a_member, a_snapshot, make_plan

REGIONS = ("US-AL", "US-FL", "US-GA", "US-KY", "US-MS", "US-NC", "US-TN")


def build_plane() -> Snapshot:
    """Build seven members, in a plane of seven regions, of which weights prove 2 and only trying everything proves 3."""
    sets = (tuple(code for y, code in enumerate(REGIONS, 1) if (x & y).bit_count() % 2) for x in range(1, 8))
    return a_snapshot(*(a_member(f"Group {number}", ("housing",), states) for number, states in enumerate(sets)))


def make_housing_plan(snapshot: Snapshot, **fields: Any) -> Plan:
    return make_plan(snapshot, **{"issue_areas": ("housing",), "regions": REGIONS[:3], **fields})


def describe(plan: Plan) -> tuple[str, str]:
    return describe_certificate(plan, "en"), describe_certificate(plan, "es-MX")


def test_cells_without_a_common_member() -> None:
    snapshot = a_snapshot(*(a_member(f"Group {code}", ("housing",), (code,)) for code in REGIONS[:3]))
    assert describe(make_housing_plan(snapshot)) == (
        "No 2 members can cover this: these 3 combinations of theme and region have no member in common: housing in Alabama; "
        "housing in Florida; housing in Georgia.",
        "Con 2 miembros no se puede cubrir esto: estas 3 combinaciones de tema y región no tienen ningún miembro en común: "
        "vivienda en Alabama; vivienda en Florida; vivienda en Georgia.",
    )


def test_included_members_are_a_premise() -> None:
    snapshot = a_snapshot(*(a_member(f"Group {code}", ("housing",), (code,)) for code in REGIONS[:3]))
    english, spanish = describe(make_housing_plan(snapshot, include=("group-us-al",)))
    assert english.startswith("No single member can cover this besides the included one: these 2 combinations")
    assert spanish.startswith("Con 1 miembro no se puede cubrir esto además del incluido: estas 2 combinaciones")
    everything = make_housing_plan(snapshot, include=tuple(f"group-{code.lower()}" for code in REGIONS[:3]))
    assert describe_certificate(everything, "en") == "The included members alone cover everything that can be covered."


def test_nobody_to_choose() -> None:
    assert describe(make_housing_plan(a_snapshot(), regions=REGIONS[:2])) == (
        "No organization here can cover any of these combinations.",
        "Ninguna organización de aquí puede cubrir ninguna de estas combinaciones.",
    )


def test_cells_with_weights() -> None:
    pairs = ((0, 1), (1, 2), (0, 2))
    snapshot = a_snapshot(*(a_member(f"Group {one}{two}", ("housing",), (REGIONS[one], REGIONS[two])) for one, two in pairs))
    english, spanish = describe(make_housing_plan(snapshot))
    assert english == (
        "No single member can cover this. Count these combinations of theme and region by the number after each: "
        "housing in Alabama (1); housing in Florida (1); housing in Georgia (1). Together they need 3, and no member has more "
        "than 2."
    )
    assert spanish.endswith("Juntas necesitan 3, y ningún miembro tiene más de 2.")


def test_all_choices_tried() -> None:
    plan = make_housing_plan(build_plane(), regions=REGIONS)
    assert (len(plan.members), plan.certificate.is_optimal) == (3, True)
    assert describe(plan) == (
        "No 2 members can cover this: all choices of that size were ruled out one by one.",
        "Con 2 miembros no se puede cubrir esto: se descartaron una por una todas las selecciones de ese tamaño.",
    )


def test_what_is_not_proven_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exhaustive_search, "MAX_STEPS", 1)
    plan = make_housing_plan(build_plane(), regions=REGIONS)
    assert (len(plan.members), plan.certificate.is_optimal, plan.certificate.lower_bound) == (3, False, 2)
    english, spanish = describe(plan)
    assert english.endswith("Whether 3 members are the fewest possible is not proven: at least 2 are needed.")
    assert spanish.endswith("No está demostrado que 3 miembros sea el mínimo posible: se necesitan al menos 2.")


def test_a_plan_that_is_too_small() -> None:
    snapshot = a_snapshot(*(a_member(f"Group {code}", ("housing",), (code,)) for code in REGIONS[:3]))
    plan = make_housing_plan(snapshot, max_size=2)
    english, spanish = describe(plan)
    assert english.endswith(
        "This plan may have at most 2 members, so it leaves 1 of 3 combinations uncovered that others could cover. "
        "No other choice of this size leaves fewer."
    )
    assert spanish.endswith(
        "Este plan puede tener como máximo 2 miembros, así que deja sin cubrir 1 de 3 combinaciones que otros podrían cubrir. "
        "Ninguna otra selección de este tamaño deja menos."
    )
    assert [describe_gap(plan.uncovered[0], language).partition(": ")[2] for language in ("en", "es")] == [
        "members could cover this, but the plan may not have more members.",
        "hay miembros que podrían cubrirlo, pero el plan no puede tener más miembros.",
    ]


def test_a_plan_that_is_too_small_for_several_members_in_each_cell() -> None:
    """No cell can get three members, so no gap names the maximum size, and still the plan is not the smallest possible."""
    snapshot = a_snapshot(*(a_member(f"Group {number}", ("housing",), REGIONS[:1]) for number in range(2)))
    plan = make_housing_plan(snapshot, regions=REGIONS[:2], max_size=1, per_cell=3)
    assert (len(plan.members), plan.limited_count, plan.certificate.is_optimal) == (1, 1, True)
    english, spanish = describe(plan)
    assert english.endswith(
        "This plan may have at most 1 member, so it leaves 1 of 2 combinations with fewer members than they could have. "
        "No other choice of this size leaves fewer."
    )
    assert spanish.endswith(
        "Este plan puede tener como máximo 1 miembro, así que deja 1 de 2 combinaciones con menos miembros de los que podrían "
        "tener. Ninguna otra selección de este tamaño deja menos."
    )


def test_long_lists_are_cut() -> None:
    snapshot = a_snapshot(
        *(a_member(f"{theme} {code}", (theme,), (code,)) for theme in ("housing", "health") for code in REGIONS)
    )
    plan = make_plan(snapshot, issue_areas=("housing", "health"), regions=REGIONS)
    assert len(plan.members) == 14
    assert describe_certificate(plan, "en").endswith("; and 2 more.")
    assert describe_certificate(plan, "es").endswith("; y otras 2.")


def test_members_that_count_twice_are_subtracted() -> None:
    members = [a_member(f"Group {number}", ("housing",), REGIONS[:2]) for number in range(2)]
    members += [a_member(f"Other {number}", ("housing",), REGIONS[2:3]) for number in range(3)]
    english, spanish = describe(make_housing_plan(a_snapshot(*members), per_cell=2))
    assert "No 3 members can cover this" in english
    assert "Con 3 miembros" in spanish
