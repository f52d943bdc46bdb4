"""Facets: a fragment on the interface Count shows the values of all facets."""

import msgspec
import pytest

from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.schema import SCHEMA
from tests.builders import NOW
from tests.engine_answers import EngineAnswer, EngineRequest, assert_same_answer
from tests.schema.conftest import Ask

FACETS = """query($language: String! = "en", $isShort: Boolean = false) {
  organizations(filter: {issueAreas: {anyOf: ["housing"]}}) { facets {
    issueAreas(first: 2) { ...Choice }
    kinds { ...Choice }
    regions(first: 2) { ...Choice ... on RegionCount { local } }
  } }
}
fragment Choice on Count { __typename value count ... on Count @skip(if: $isShort) { label(language: $language) selected } }"""


def answer(snapshot: Snapshot, text: str, **variables: object) -> EngineAnswer:
    return assert_same_answer(EngineRequest(SCHEMA, text, variables, build_context=lambda: Context(snapshot, NOW)))


def test_a_fragment_on_count_shows_every_facet(snapshot: Snapshot) -> None:
    compiled = answer(snapshot, FACETS, language="es")
    assert compiled.is_compiled
    facets = msgspec.json.decode(compiled.data)["organizations"]["facets"]
    housing = {"__typename": "FacetCount", "value": "housing", "count": 3, "label": "Vivienda", "selected": True}
    assert housing in facets["issueAreas"]
    assert facets["kinds"][-1].keys() == housing.keys()
    assert facets["regions"][0].keys() == {*housing, "local"}
    assert facets["regions"][0]["__typename"] == "RegionCount"


@pytest.mark.parametrize("is_short", [True, False])
def test_conditions_apply_inside_a_fragment_on_count(snapshot: Snapshot, is_short: bool) -> None:
    compiled = answer(snapshot, FACETS, isShort=is_short)
    assert compiled.is_compiled
    (first, *_) = msgspec.json.decode(compiled.data)["organizations"]["facets"]["regions"]
    assert ("label" in first, "selected" in first, "local" in first) == (not is_short, not is_short, True)


def test_fields_of_count_and_of_its_types_are_merged(snapshot: Snapshot) -> None:
    document = """{ organizations { facets { kinds {
      ... on Count { label(language: "es") } ... on FacetCount { label(language: "es") value } ... on RegionCount { local }
    } } } }"""
    compiled = answer(snapshot, document)
    assert compiled.is_compiled
    assert b'{"label":"Sindicato","value":"UNION"}' in compiled.data


def test_regional_variants_of_a_language_have_its_labels(ask: Ask) -> None:
    document = "query($tag: String!) { organizations { facets { regions(first: 100) { value label(language: $tag) } } } }"
    for tag, label in (("es-MX", "Hawái"), ("ES", "Hawái"), ("fr", "Hawaii")):
        regions = ask(document, tag=tag)["data"]["organizations"]["facets"]["regions"]
        assert {"value": "US-HI", "label": label} in regions
