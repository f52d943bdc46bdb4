"""Each kind of reason: when it applies, what makes it larger, and its sentences in English and Spanish."""

import sys
from collections import Counter
from types import FrameType
from typing import Any

import pytest

from directory.geo import Precision
from directory.partners.allies import reasons
from directory.partners.allies.evidence import AllyReasonKind as Kind
from directory.partners.allies.request import AllyMode, PartnerProfile
from directory.partners.allies.seeks_and_offers import MAX_SUBJECTS, Subject, list_subjects
from directory.partners.allies.ties import MAX_TIES, TieKind
from directory.records import MembershipStatus, Relation
from directory.vocabulary.choices import RelationKind
from tests.builders import a_location, a_location_at, a_membership, a_stored_coalition, an_id, an_organization, publish_for
from tests.directory.partners.allies.small_directories import explain, find

ATLANTA, DECATUR, SAVANNAH = a_location(), a_location("Decatur, GA"), a_location("Savannah, GA")
THEMES, PLACES, EXCHANGE = AllyMode


# ---------------------------------------------------------------- each kind of reason

SENTENCES: list[tuple[AllyMode, dict[str, Any], dict[str, Any], Kind, str, str]] = [
    (
        THEMES, {"issue_areas": ("housing",)}, {"issue_areas": ("housing",)}, Kind.SHARED_ISSUE_AREA,
        "Both work on housing, as 2 of 12 members do.", "Ambas trabajan en el tema de vivienda, como 2 de 12 miembros.",
    ),
    (
        THEMES, {"issue_areas": ("tenants",)}, {"issue_areas": ("homelessness",)}, Kind.SHARED_BROADER_ISSUE_AREA,
        "Both work on topics within housing, as 2 of 12 members do.",
        "Ambas trabajan en temas de vivienda, como 2 de 12 miembros.",
    ),
    (
        THEMES, {"communities": ("women",)}, {"communities": ("women",)}, Kind.SHARED_COMMUNITY,
        "Both serve women and girls, as 2 of 12 members do.", "Ambas atienden a mujeres y niñas, como 2 de 12 miembros.",
    ),
    (
        THEMES, {"work_areas": ("organizing",)}, {"work_areas": ("organizing",)}, Kind.SHARED_WORK_AREA,
        "Both do this kind of work: organizing, as 2 of 12 members do.",
        "Ambas hacen este tipo de trabajo: organización comunitaria, como 2 de 12 miembros.",
    ),
    (
        PLACES, {"locations": (ATLANTA,)}, {"locations": (SAVANNAH,), "issue_areas": ("housing",)}, Kind.SAME_REGION,
        "Both are in Georgia, as 2 of 12 members are.", "Ambas están en Georgia, como 2 de 12 miembros.",
    ),
    (
        PLACES, {"service_areas": ("US-GA",)}, {"service_areas": ("US-GA-121",), "issue_areas": ("housing",)},
        Kind.SERVES_SAME_REGION,
        "Both serve people in Georgia, as 2 of 12 members do.", "Ambas atienden a personas en Georgia, como 2 de 12 miembros.",
    ),
    (
        PLACES, {"locations": (a_location_at(33, -84),)}, {"locations": (a_location_at(33.1, -84),), "issue_areas": ("housing",)},
        Kind.NEARBY,
        "Their published places are 11 km (7 miles) apart.", "Sus lugares publicados están a 11 km (7 millas) de distancia.",
    ),
    (
        PLACES, {"locations": (ATLANTA,), "issue_areas": ("housing",)}, {"locations": (ATLANTA,), "issue_areas": ("health",)},
        Kind.COMPLEMENTS,
        "Works on health and pandemic response, on which Harbor does not.",
        "Trabaja en temas de salud y respuesta a la pandemia, a diferencia de Harbor.",
    ),
    (
        EXCHANGE, {"seeks": "litigation and a van"}, {"offers": "Vans on weekends, litigation"}, Kind.OFFERS_WHAT_IT_SEEKS,
        "Offers or does what Harbor seeks: litigation and “van”.", "Ofrece o hace lo que busca Harbor: litigio y «van».",
    ),
    (
        EXCHANGE, {"offers": "litigation"}, {"seeks": "litigation"}, Kind.SEEKS_WHAT_IT_OFFERS,
        "Seeks what Harbor offers: litigation.", "Busca lo que ofrece Harbor: litigio.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "own", "other", "kind", "english", "spanish"), SENTENCES, ids=[case[3] for case in SENTENCES])
def test_sentences(mode: AllyMode, own: dict[str, Any], other: dict[str, Any], kind: Kind, english: str, spanish: str) -> None:
    reason = next(reason for reason in explain(own, other, mode) if reason.kind is kind)
    assert (reason.format(), reason.format("es"), reason.format("es-MX")) == (english, spanish, spanish)
    assert reason.contribution > 0


def test_a_shared_coalition_is_a_reason() -> None:
    coalition = publish_for(a_stored_coalition("UPR Task Force", ["Harbor", "River"]))
    page = find([an_organization("Harbor")], [an_organization("River")], coalitions=[coalition])
    (reason,) = page.edges[0].list_reasons()
    assert (reason.kind, reason.subject) == (Kind.SHARED_COALITION, coalition.id)
    assert reason.format() == "Both belong to UPR Task Force, as 2 of 12 members do."
    assert reason.format("es") == "Ambas pertenecen a UPR Task Force, como 2 de 12 miembros."


def test_sentences_for_several_name_those_who_share_it() -> None:
    names = ("Alder", "Birch", "Cedar", "Elm", "Fir")
    group = [an_organization(name, issue_areas=("housing",), seeks="litigation" if name < "B" else None) for name in names]
    river = an_organization("River", issue_areas=("housing",), offers="litigation")

    def read(count: int, mode: AllyMode = THEMES, language: str = "en") -> str:
        return find(group[:count], [river], mode).edges[0].list_reasons()[0].format(language)

    assert read(3) == "Works on housing, like Alder, Birch and Cedar; 4 of 14 members do."
    assert read(3, language="es") == "Trabaja en el tema de vivienda, igual que Alder, Birch y Cedar; lo hacen 4 de 14 miembros."
    assert read(5) == "Works on housing, like 5 of the 5; 6 of 16 members do."
    assert read(5, EXCHANGE) == "Offers or does what Alder seeks: litigation."
    assert read(5, EXCHANGE, "es") == "Ofrece o hace lo que busca Alder: litigio."


def test_a_group_that_is_not_listed_has_no_name() -> None:
    page = find([PartnerProfile(seeks="litigation")], [an_organization("River", offers="litigation")], EXCHANGE)
    reason = page.edges[0].list_reasons()[0]
    assert reason.format() == "Offers or does what your group seeks: litigation."
    assert reason.format("es") == "Ofrece o hace lo que busca su grupo: litigio."


def test_numbers_agree() -> None:
    near = explain(
        {"locations": (a_location_at(33, -84),)}, {"locations": (a_location_at(33.015, -84),), "issue_areas": ("health",)}, PLACES
    )
    text = next(reason.format() for reason in near if reason.kind is Kind.NEARBY)
    assert text == "Their published places are 2 km (1 mile) apart."
    same = explain({"locations": (ATLANTA,)}, {"locations": (ATLANTA,), "issue_areas": ("health",)}, PLACES)
    assert "Both are published at the same place." in [reason.format() for reason in same]
    assert "Ambas se publican en el mismo lugar." in [reason.format("es") for reason in same]
    next_door = explain(
        {"locations": (a_location_at(33, -84),)}, {"locations": (a_location_at(33.005, -84),), "issue_areas": ("health",)}, PLACES
    )
    assert "Their published places are less than 1 km apart." in [reason.format() for reason in next_door]
    prospect = an_organization("River", issue_areas=("housing",), membership=a_membership(MembershipStatus.PROSPECT))
    draft = PartnerProfile(issue_areas=("housing",))
    assert not find([draft], [prospect]).edges  # only active members are suggested unless the conditions say otherwise


# ---------------------------------------------------------------- texts


def test_a_text_names_terms_by_their_longest_names_then_words() -> None:
    subjects = list_subjects("We are looking for legal services, childcare and childcare")
    assert subjects[-1] == Subject("", "childcare")
    assert len(subjects) == 2
    assert subjects[0].facet
    assert list_subjects("buscamos ayuda con litigio")[0].key == "litigation"
    assert list_subjects("") == list_subjects("we can help with your work") == []
    assert len(list_subjects(" ".join(f"word{number}" for number in range(100)))) == MAX_SUBJECTS


# ---------------------------------------------------------------- who is not suggested


def test_branches_of_one_organization_count_once() -> None:
    head = an_organization("Head", issue_areas=("housing",))
    branches = [
        an_organization(f"Branch {number}", parent=head.id, issue_areas=("housing", "health")[: number + 1]) for number in (0, 1)
    ]
    page = find([an_organization("Harbor", issue_areas=("housing", "health"))], [head, *branches])
    assert [ally.organization.name for ally in page.edges] == ["Branch 1"]
    assert page.total_count == 1


def test_ties_are_shown_and_not_suggested() -> None:
    fields: dict[str, Any] = {"issue_areas": ("housing",)}
    grand = an_organization("Grandparent", **fields)
    parent = an_organization("Parent", parent=grand.id, **fields)
    harbor = an_organization(
        "Harbor", parent=parent.id, relations=(Relation(RelationKind.PARTNER, organization=an_id("Partner")),), **fields
    )
    others = [
        grand, parent, an_organization("Partner", **fields), an_organization("Stranger", **fields),
        an_organization("Sister", parent=parent.id, **fields), an_organization("Branch", parent=harbor.id, **fields),
        an_organization("Funder", relations=(Relation(RelationKind.FUNDER, organization=harbor.id),), **fields),
    ]  # fmt: skip
    page = find([harbor], others)
    assert [ally.organization.name for ally in page.edges] == ["Stranger"]
    assert [(tie.organization.name, tie.kind, tie.is_stated_by_it) for tie in page.ties] == [
        ("Branch", TieKind.BRANCH, False),
        ("Funder", TieKind.RELATION, True),
        ("Grandparent", TieKind.PARENT, False),
        ("Parent", TieKind.PARENT, False),
        ("Partner", TieKind.RELATION, False),
        ("Sister", TieKind.BRANCH, False),
    ]
    assert not find([harbor, an_organization("Sister", parent=parent.id)], []).ties  # members of the group are no ties


def test_thousands_of_ties_are_left_out_but_not_all_shown() -> None:
    head = an_organization("Head", issue_areas=("housing",))
    branches = [an_organization(f"Branch {number:04}", parent=head.id, issue_areas=("housing",)) for number in range(1_000)]
    page = find(branches[:20], [head, *branches[20:], an_organization("River", issue_areas=("housing",))])
    assert [ally.organization.name for ally in page.edges] == ["River"]
    assert len(page.ties) == MAX_TIES
    assert page.ties[0].organization.name == "Branch 0020"


def test_the_distance_is_that_of_the_nearest_of_the_group() -> None:
    group = [
        an_organization(f"Harbor {degrees}", locations=(a_location_at(33 + degrees, -84),), issue_areas=("health",))
        for degrees in (0, 1)
    ]
    river = an_organization("River", locations=(a_location_at(33.9, -84),), issue_areas=("housing", "health"))
    silent = an_organization("Silent", issue_areas=("health",))
    coarse = a_location_at(33.9, -84, precision=Precision.STATE)
    vague = an_organization("Vague", locations=(coarse, a_location_at(33.9, -84)), issue_areas=("health",))
    kilometers = {ally.organization.name: ally.distance_km for ally in find(group, [river, silent, vague]).edges}
    assert kilometers == {"River": pytest.approx(11.12, abs=0.05), "Silent": None, "Vague": None}
    nearby = next(reason for reason in find(group, [river]).edges[0].list_reasons() if reason.kind is Kind.NEARBY)
    assert nearby.format() == "Its published place is 11 km (7 miles) from that of Harbor 1."


def test_the_evidence_is_merged_once_for_the_reasons_and_their_number() -> None:
    fields: dict[str, Any] = {"issue_areas": ("housing", "health"), "communities": ("women",)}
    (ally,) = find([an_organization("Harbor", **fields)], [an_organization("River", **fields)]).edges
    calls = Counter[str]()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == reasons.__file__:
            calls[frame.f_code.co_name] += 1

    sys.setprofile(count)
    try:
        shown, number, everything = ally.list_reasons(1), ally.reason_count, ally.list_reasons()
    finally:
        sys.setprofile(None)
    assert (len(shown), number, len(everything)) == (1, 3, 3)
    assert calls["_merge_equal"] == 1
