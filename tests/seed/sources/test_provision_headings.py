"""The headings of tables of provisions."""

import pytest

from directory.kinds.instrument import PROVISION
from seed.mapping.headings import split_phrases
from seed.sources.provision_table import HEADINGS


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Official number", "number"),
        ("No.", "number"),
        ("Recommendation Number", "number"),
        ("Number of the recommendation", "number"),
        ("Número oficial", "number"),
        ("numero", "number"),
        ("Número / Number", "number"),
        ("recomendation number", "number"),  # misspelled
        ("Cycle", "cycle"),
        ("Ciclo", "cycle"),
        ("RecommendingState", "recommending_state"),
        ("Recommending state (as in the report)", "recommending_state"),
        ("Estado que recomienda", "recommending_state"),
        ("OUR SUMMARY", "summary"),
        ("Resumen", "summary"),
        ("Themes", "issue_areas"),
        ("Temas", "issue_areas"),
        ("issue_areas", "issue_areas"),
        ("State's response", "response"),
        ("Respuesta", "response"),
        ("Subject", "name"),
        ("Name", "name"),
        ("Recommendation", None),  # its text is not a summary of our own
        ("Asunto", "name"),
        ("Tema en español", "name_es"),
        ("instrument", "instrument"),
        ("id", "id"),
        ("", None),
        ("Notes", None),
        ("Number / Summary", None),  # two different fields
        ("x" * 10_000, None),
    ],
)
def test_a_heading_means_a_field(heading: str, field: str | None) -> None:
    assert HEADINGS.find_field(heading) == field


def test_every_phrase_of_the_registry_means_its_field() -> None:
    for name, field in PROVISION.fields.items():
        for phrase in (*split_phrases(field.headings.en), *split_phrases(field.headings.es)):
            assert HEADINGS.find_field(phrase.replace("(s)", "s")) == name, phrase


def test_the_first_of_two_columns_counts_unless_the_field_is_a_list() -> None:
    columns = HEADINGS.map_columns(["Summary", "Theme", "Description", "Themes"])
    assert columns.fields == {0: "summary", 1: "issue_areas", 3: "issue_areas"}
    assert columns.unmapped_headings == ("Description",)
