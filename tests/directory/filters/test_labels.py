from datetime import date

import pytest

from directory.filters.filter_parts import list_filter_parts
from directory.filters.labels import KIND_LABELS, MEMBERSHIP_LABELS
from directory.filters.origins import resolve_near
from directory.question import OrderField, Question, RegionFilter, SortOrder, TermFilter
from directory.records import MembershipStatus, OrganizationKind


@pytest.mark.parametrize(
    ("question", "english", "spanish"),
    [
        (Question(text="tenants"), "“tenants”", "«tenants»"),
        (Question(issue_areas=TermFilter(("housing",))), "Housing", "Vivienda"),
        (Question(issue_areas=TermFilter(none_of=("housing",))), "not Housing", "sin Vivienda"),
        (Question(regions=RegionFilter(("US-SOUTH",))), "South", "Sur"),
        (Question(regions=RegionFilter(none_of=("US-GA-121",))), "not in Fulton County, GA", "fuera de Condado de Fulton, GA"),
        (Question(near=resolve_near("Atlanta")), "near Atlanta, GA", "cerca de Atlanta, GA"),
        (Question(near=resolve_near("Atlanta", 1.609344)), "within 1 mile of Atlanta, GA", "a menos de 1 milla de Atlanta, GA"),
        (Question(near=resolve_near("30312", 80.4672)), "within 50 miles of 30312", "a menos de 50 millas de 30312"),
        (Question(near=resolve_near("New Mexico", 50)), "within 50 km of New Mexico", "a menos de 50 km de Nuevo México"),
        (Question(near=resolve_near("1,2", 0.25)), "within 0.25 km of 1, 2", "a menos de 0.25 km de 1, 2"),
        (Question(kinds=(OrganizationKind.WORKER_CENTER,)), "Worker center", "Centro de trabajadores"),
        (Question(verified_since=date(2025, 1, 31)), "verified since 2025-01-31", "verificadas desde 2025-01-31"),
        (
            Question(order=SortOrder(OrderField.FOUNDED, True)),
            "by year of founding, descending",
            "por año de fundación, descendente",
        ),
    ],
)
def test_labels(question: Question, english: str, spanish: str) -> None:
    (part,) = list_filter_parts(question)
    assert (part.label(), part.label("es")) == (english, spanish)


def test_every_kind_and_status_has_a_unique_label_in_both_languages() -> None:
    for names, values in ((KIND_LABELS, OrganizationKind), (MEMBERSHIP_LABELS, MembershipStatus)):
        assert set(names) == set(values)
        for language in (0, 1):
            assert len({name[language] for name in names.values()}) == len(names)
