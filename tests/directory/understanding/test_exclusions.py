"""Negation: what a person does not want is never looked for."""

import pytest

from directory.understanding.understand import understand
from tests.directory.understanding.readings import LAWYERS, read


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("housing without police", {"issueAreas:housing", "not issueAreas:policing"}),
        ("vivienda sin policía", {"issueAreas:housing", "not issueAreas:policing"}),
        ("help that doesn't work with police", {"not issueAreas:policing"}),
        ("food, not churches", {"issueAreas:food-water", "not kinds:FAITH_ORGANIZATION"}),
        ("food outside of California", {"issueAreas:food-water", "not region:US-CA"}),
        ("comida fuera de Chicago", {"issueAreas:food-water", "not region:US-IL-031"}),
        ("vivienda en Texas, que no sean iglesias", {"issueAreas:housing", "region:US-TX", "not kinds:FAITH_ORGANIZATION"}),
        ("not police", {"not issueAreas:policing"}),
        ("no deportations", {"issueAreas:detention-deportation"}),
        ("veterans without housing", {"communities:veterans", "issueAreas:housing"}),
        ("housing in Texas, not in Texas", {"issueAreas:housing", "region:US-TX", "not region:US-TX"}),
        ("housing outside DC and Virginia", {"issueAreas:housing", "not region:US-DC", "not region:US-VA"}),
        ("except Texas, Ohio and Iowa", {"not region:US-TX", "not region:US-OH", "not region:US-IA"}),
        ("without lawyers", {"not workAreas:law"}),
        ("eviction, without a lawyer", {"issueAreas:tenants", "workAreas:law"}),
        ("no quiero iglesias", {"not kinds:FAITH_ORGANIZATION"}),
        ("we do not want universities", {"not kinds:RESEARCH"}),
        ("ni iglesias ni universidades", {"not kinds:FAITH_ORGANIZATION", "not kinds:RESEARCH"}),
        ("ni un abogado", {LAWYERS}),
        ("I don't need a lawyer, I need housing", {"issueAreas:housing"}),
        ("food -church", {"issueAreas:food-water", "not kinds:FAITH_ORGANIZATION"}),
        ("food - church", {"issueAreas:food-water", "kinds:FAITH_ORGANIZATION"}),
        ("vivienda, que no sean nacionales", {"issueAreas:housing", "not kinds:NATIONAL_ORGANIZATION"}),
        ("secular food bank", {"issueAreas:food-water", "not kinds:FAITH_ORGANIZATION"}),
        ("non-religious food bank", {"issueAreas:food-water", "not kinds:FAITH_ORGANIZATION"}),
        ("everything but housing", {"not issueAreas:housing"}),
        ("housing anywhere but California", {"issueAreas:housing", "not region:US-CA"}),
        ("no police, no prisons", {"issueAreas:policing", "issueAreas:incarceration"}),
        (
            "housing OR tenants NOT church",
            {"communities:tenants | issueAreas:housing | issueAreas:tenants", "not kinds:FAITH_ORGANIZATION"},
        ),
        ("inmigrantes, que no trabajen con ICE", {"communities:immigrants-refugees | issueAreas:immigration"}),
        ("not California and not New York", {"not region:US-CA", "not region:US-NY"}),
        ("no churches, unions in Ohio", {"not kinds:FAITH_ORGANIZATION", "kinds:UNION", "region:US-OH"}),
        ("no churches, unions or universities", {"not kinds:FAITH_ORGANIZATION", "not kinds:UNION", "not kinds:RESEARCH"}),
        ("no police and more housing", {"issueAreas:policing", "issueAreas:housing"}),
        ("food outside the city of Chicago", {"issueAreas:food-water", "not region:US-IL-031"}),
        ("ayuda en Nueva Jersey que no sea Newark", {"region:US-NJ", "not region:US-NJ-013"}),
        ("vivienda que no sea del gobierno", {"issueAreas:housing", "not kinds:PUBLIC_BODY"}),
        (
            "jóvenes, pero no deportivos ni del gobierno",
            {"communities:youth | issueAreas:children-youth", "not kinds:PUBLIC_BODY"},
        ),
        ("housing not run by the government", {"issueAreas:housing", "not kinds:PUBLIC_BODY"}),
    ],
)
def test_negation(words: str, clauses: set[str]) -> None:
    assert read(words) == clauses


def test_what_cannot_be_excluded_is_not_looked_for() -> None:
    understood = understand("housing not affiliated with Acme")
    assert understood.optional_words == ()
    assert understood.notes == ("“Acme” was not excluded: the directory cannot search for it, or the search also asks for it.",)
