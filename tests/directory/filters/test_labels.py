from datetime import UTC, date, datetime

import pytest

from directory.filters.filter_parts import list_filter_parts
from directory.filters.labels import CAPITALIZED_WORDS, KIND_LABELS, MEMBERSHIP_LABELS, format_near
from directory.filters.origins import resolve_near
from directory.question import (
    FACETS,
    Clause,
    Filter,
    OrderField,
    Question,
    RegionFilter,
    RegionMatch,
    SortOrder,
    TermFilter,
    YearRange,
)
from directory.records import MembershipStatus, OrganizationKind

MIDNIGHT = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "english", "spanish"),
    [
        (Question(text="tenants"), "“tenants”", "«tenants»"),
        (Question(issue_areas=TermFilter(("housing",))), "Housing", "Vivienda"),
        (Question(issue_areas=TermFilter(none_of=("housing",))), "not Housing", "sin Vivienda"),
        (Question(regions=RegionFilter(("US-SOUTH",))), "South", "Sur"),
        (Question(regions=RegionFilter(none_of=("US-GA-121",))), "not in Fulton County, GA", "fuera del condado de Fulton, GA"),
        (Question(regions=RegionFilter(none_of=("US-SOUTH",))), "not in the South", "fuera del Sur"),
        (Question(regions=RegionFilter(none_of=("CAROLINAS",))), "not in the Carolinas", "fuera de las Carolinas"),
        (Question(near=resolve_near("Atlanta")), "nearest to Atlanta, GA first", "primero lo más cercano a Atlanta, GA"),
        (Question(near=resolve_near("Atlanta", 1.609344)), "within 1 mile of Atlanta, GA", "a menos de 1 milla de Atlanta, GA"),
        (Question(near=resolve_near("30312", 80.4672)), "within 50 miles of 30312", "a menos de 50 millas de 30312"),
        (Question(near=resolve_near("New Mexico", 50)), "within 50 km of New Mexico", "a menos de 50 km de Nuevo México"),
        (
            Question(near=resolve_near("1,2", 0.25)),
            "within 0.25 km of the place you searched from",
            "a menos de 0.25 km del punto desde el que busca",
        ),
        (
            Question(near=resolve_near("33.75,-84.4")),
            "nearest to the place you searched from first",
            "primero lo más cercano al punto desde el que busca",
        ),
        (Question(kinds=(OrganizationKind.WORKER_CENTER,)), "Worker center", "Centro de trabajadores"),
        (Question(verified_since=date(2025, 1, 31)), "verified since 2025-01-31", "verificadas desde 2025-01-31"),
        (
            Question(order=SortOrder(OrderField.FOUNDED, True)),
            "by year of founding, descending",
            "por año de fundación, descendente",
        ),
        (Question(excluded_kinds=(OrganizationKind.FAITH_ORGANIZATION,)), "not faith organization", "sin organización religiosa"),
        (Question(founded=YearRange(1990, 2000)), "founded from 1990 to 2000", "fundadas de 1990 a 2000"),
        (Question(founded=YearRange(1990)), "founded in 1990 or later", "fundadas en 1990 o después"),
        (Question(founded=YearRange(last=2000)), "founded in 2000 or earlier", "fundadas en 2000 o antes"),
        (Question(founded=YearRange(1990, 1990)), "founded in 1990", "fundadas en 1990"),
        (Question(verification_due=True), "verification due", "con verificación pendiente"),
        (Question(verification_due=False), "recently verified", "verificadas recientemente"),
        (Question(updated_since=MIDNIGHT), "updated since 2026-01-31", "actualizadas desde 2026-01-31"),
        (
            Question(updated_since=MIDNIGHT.replace(hour=12)),
            "updated since 2026-01-31 12:00:00 UTC",
            "actualizadas desde 2026-01-31 12:00:00 UTC",
        ),
        (Question(parent="an-id"), "branches of an-id", "filiales de an-id"),
        (Question(ids=("a", "b", "c")), "3 selected organizations", "3 organizaciones seleccionadas"),
        (Question(ids=("a",)), "1 selected organization", "1 organización seleccionada"),
        (Question(optional_words=("else",)), "preferably else", "de preferencia: else"),
    ],
)
def test_labels(question: Question, english: str, spanish: str) -> None:
    (part,) = list_filter_parts(question)
    assert (part.label(), part.label("es")) == (english, spanish)


def issues(*slugs: str) -> Filter:
    return Filter(issue_areas=TermFilter(slugs))


def communities(*slugs: str) -> Filter:
    return Filter(communities=TermFilter(slugs))


def serving(*codes: str) -> Filter:
    return Filter(regions=RegionFilter(codes, by=RegionMatch.SERVING))


NEAR_ATLANTA = Filter(near=resolve_near("Atlanta", 80.4672))
UNION = OrganizationKind.UNION


@pytest.mark.parametrize(
    ("clause", "english", "spanish"),
    [
        (
            (issues("reentry"), communities("formerly-incarcerated-people")),
            "Reentry and records or formerly incarcerated people",
            "Reinserción y antecedentes penales o personas que estuvieron en prisión",
        ),
        (
            (issues("housing", "health"), communities("black", "lgbtqia")),
            "Health and pandemic response, housing, Black communities or LGBTQIA+ people",
            "Salud y respuesta a la pandemia, vivienda, comunidades negras o personas LGBTQIA+",
        ),
        ((issues("indigenous"), communities("indigenous")), "Indigenous peoples", "Pueblos indígenas"),
        ((issues("older-people"), communities("elders")), "Older people or elders", "Personas mayores"),
        (
            (issues("housing", "tenants"), communities("tenants")),
            "Housing, tenants' rights and eviction or tenants",
            "Vivienda, derechos de inquilinos y desalojos o inquilinos e inquilinas",
        ),
        (
            (issues("housing"), communities("black", "black-immigrants")),
            "Housing, Black communities or Black immigrants",
            "Vivienda, comunidades negras o inmigrantes negros",
        ),
        ((NEAR_ATLANTA, serving("US-GA")), "near Atlanta, GA", "cerca de Atlanta, GA"),
        (
            (NEAR_ATLANTA, serving("US-CA")),
            "within 50 miles of Atlanta, GA or serving California",
            "a menos de 50 millas de Atlanta, GA o que atienden California",
        ),
        (
            (serving("US-SOUTH", "DEEP-SOUTH"), Filter(kinds=(UNION,))),
            "Union or serving the Deep South or the South",
            "Sindicato o que atienden el Sur Profundo o el Sur",
        ),
        (
            (serving("US-CA", "US-GA"), Filter(kinds=(UNION,))),
            "Union or serving California or Georgia",
            "Sindicato o que atienden California o Georgia",
        ),
        (
            (
                Filter(issue_areas=TermFilter(("housing", "health")), kinds=(UNION,)),
                Filter(languages=TermFilter(("es",)), regions=RegionFilter(("US-GA",), by=RegionMatch.LOCATED)),
            ),
            "(Health and pandemic response or housing) and union or Spanish and located in Georgia",
            "(Salud y respuesta a la pandemia o vivienda) y sindicato o español y con sede en Georgia",
        ),
        (
            (Filter(work_areas=TermFilter(("organizing",))), Filter(kinds=(OrganizationKind.OTHER,))),
            "Organizing or other kind",
            "Organización comunitaria u otro tipo",
        ),
        (
            (Filter(founded=YearRange(1990)), Filter(regions=RegionFilter(none_of=("US-TX",)))),
            "not in Texas or founded in 1990 or later",
            "fuera de Texas o fundadas en 1990 o después",
        ),
    ],
)
def test_labels_of_alternatives(clause: Clause, english: str, spanish: str) -> None:
    (part,) = list_filter_parts(Question(clauses=(clause,)))
    assert part.field == "any"
    assert (part.label(), part.label("es-MX")) == (english, spanish)


def find_name(field: str, key: str) -> str | None:
    return {("parent", "a"): "Harbor Union", ("coalition", "upr"): "UPR Task Force"}.get((field, key))


def test_a_coalition_is_labelled_with_its_name_if_there_is_one() -> None:
    (part,) = list_filter_parts(Question(coalition="upr"))
    assert part.label("en", find_name) == "in the coalition UPR Task Force"
    assert part.label("es") == "en la coalición upr"


def test_a_branch_is_labelled_with_a_name_if_there_is_one() -> None:
    (part,) = list_filter_parts(Question(parent="a"))
    assert part.label("en", find_name) == "branches of Harbor Union"
    assert part.label("es", lambda _field, _key: None) == "filiales de a"
    (part,) = list_filter_parts(Question(clauses=((Filter(parent="a"), issues("housing")),)))
    assert (
        part.label("en", lambda field, key: {("parent", "a"): "Harbor Union"}.get((field, key)))
        == "Housing or branches of Harbor Union"
    )


def test_the_first_words_of_labels_are_names_or_have_a_small_letter_inside_of_a_sentence() -> None:
    """A new label that starts with a name needs an entry in CAPITALIZED_WORDS: check those that are listed here."""
    first_words = {
        term.label().split()[0].strip(",") for facet in ("issue_areas", "communities", "work_areas") for term in FACETS[facet]
    }
    assert first_words >= CAPITALIZED_WORDS
    names = {"African", "American", "Haitian", "Hispanic", "Jewish", "Latina", "Latino", "Native", "Caribbean"}
    assert not names & (first_words - CAPITALIZED_WORDS)


def test_every_kind_and_status_has_a_unique_label_in_both_languages() -> None:
    for names, values in ((KIND_LABELS, OrganizationKind), (MEMBERSHIP_LABELS, MembershipStatus)):
        assert set(names) == set(values)
        for language in (0, 1):
            assert len({name[language] for name in names.values()}) == len(names)


@pytest.mark.parametrize(
    ("km", "unit", "english", "spanish"),
    [
        (80.4672, None, "50 miles", "50 millas"),
        (80.4672, "km", "80.47 km", "80.47 km"),
        (80, None, "80 km", "80 km"),
        (80, "mi", "50 miles", "50 millas"),
        (1.609344, "mi", "1 mile", "1 milla"),
        (2.5, "mi", "1.6 miles", "1.6 millas"),
        (1.6, "mi", "0.99 miles", "0.99 millas"),
    ],
)
def test_a_radius_can_be_in_the_unit_of_the_reader(km: float, unit: str | None, english: str, spanish: str) -> None:
    near = resolve_near("Atlanta", km)
    assert format_near(near, "en", unit) == f"within {english} of Atlanta, GA"
    assert format_near(near, "es", unit) == f"a menos de {spanish} de Atlanta, GA"
