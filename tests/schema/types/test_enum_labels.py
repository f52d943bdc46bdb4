"""Labels of enums: every value of every enum has one."""

import msgspec
import pytest
from graphql import GraphQLEnumType

from directory.search.snapshot import Snapshot
from directory.vocabulary.choice_labels import CHOICES
from schema.context import Context
from schema.schema import SCHEMA
from schema.types.enum_labels import LabeledType
from tests.builders import NOW
from tests.engine_answers import EngineRequest, assert_same_answer
from tests.schema.conftest import Ask

ENUMS = {name: kind for name, kind in SCHEMA.type_map.items() if isinstance(kind, GraphQLEnumType) and not name.startswith("__")}


@pytest.mark.parametrize("name", sorted(ENUMS.keys() - {"LabeledType"}))
def test_every_value_of_an_enum_has_a_label(name: str) -> None:
    assert [choice.value for choice in CHOICES.get(name, ())] == list(ENUMS[name].values), "Add to choice_labels.py."


def test_labels_of_every_enum_can_be_queried() -> None:
    assert set(LabeledType) == CHOICES.keys()
    assert len(CHOICES) == len(ENUMS) - 1 > 15


def test_labels_of_several_enums(snapshot: Snapshot) -> None:
    document = """query($language: String!) {
      units: enumLabels(enum: DISTANCE_UNIT) { value label(language: $language) }
      reasons: enumLabels(enum: REGION_REASON) { value label }
    }"""
    request = EngineRequest(SCHEMA, document, {"language": "es"}, build_context=lambda: Context(snapshot, NOW))
    answer = assert_same_answer(request)
    assert answer.is_compiled
    data = msgspec.json.decode(answer.data)
    assert data["units"] == [{"value": "KILOMETER", "label": "Kilómetros"}, {"value": "MILE", "label": "Millas"}]
    assert data["reasons"][0] == {"value": "LOCATED", "label": "Located in the region"}


def test_the_enum_can_be_a_variable(ask: Ask) -> None:
    document = "query($enum: LabeledType!) { enumLabels(enum: $enum) { value } }"
    for enum in LabeledType:
        values = [each["value"] for each in ask(document, enum=enum.name)["data"]["enumLabels"]]
        assert values == list(ENUMS[enum.value].values)
    assert ask(document, enum="OrganizationKind")["errors"][0]["extensions"]["code"] == "BAD_INPUT"
