"""The field registry is complete, and nothing else lists its fields."""

import ast
from pathlib import Path

import pytest
from msgspec.structs import replace

from cli.fictional.organizations import generate_fictional_organizations
from directory.curation.merge import build_merged_record
from directory.drafts.organization_draft import OrganizationDraft, parse_draft
from directory.errors import BadInput
from directory.fields import COLUMN_ORDER, FIELDS, MAP_ORDER, Field, MergeRule, ValueForm, arrange_fields
from directory.publish import publish_restricted_fields
from directory.records import SOURCED_FIELDS, Audience, Organization, StoredOrganization
from directory.search.text.text_match import TextTier
from directory.store.records.columns import list_plain_fields
from schema.fields import to_camel_case
from schema.schema import SCHEMA
from seed.plan.diff import add_sources
from seed.rows import Row
from seed.sources.dataset import Dataset
from tests.builders import a_stored_organization
from tests.field_values import build_value, build_values

ROOT = Path(__file__).parents[2]
fields = pytest.mark.parametrize("field", FIELDS.values(), ids=list(FIELDS))
# Modules that treat a text in a special way -> why.
SPECIAL_TEXTS = {
    ("summary", "directory/export/hsds/organization.py"): "HSDS requires a description, and the summary replaces it",
    ("summary", "directory/search/searched_fields.py"): "the summary of a coalition, an event or an instrument",
    ("summary", "cli/record_output.py"): "the summary of a coalition, an event or a provision",
    ("summary", "cli/record_report.py"): "the summary of a coalition, an event or a provision",
    ("summary", "directory/export/kind_records.py"): "the summary of a coalition, an event or a provision",
    ("summary", "seed/sources/provision_table.py"): "the summary of a provision",
    ("summary", "seed/plan/provision_plan.py"): "the summary of a provision",
    **{
        (name, path): reason
        for name in ("summary", "seeks", "offers")
        for path, reason in {
            "cli/verification/letter.py": "what a letter asks an organization to confirm",
            "web/review/labels.py": "the words that the review page has for a field, in two languages",
        }.items()
    },
    **{
        (name, path): reason
        for name in ("seeks", "offers")
        for path, reason in {
            "directory/partners/allies/seeks_and_offers.py": "what one seeks is looked for in what others offer",
            "directory/partners/allies/draft.py": "a group that is not listed describes both",
            "schema/types/allies_field.py": "arguments for a group that is not listed",
            "directory/question/text_limits.py": "arguments for a group that is not listed",
            "cli/partners/digest_output.py": "the words that a digest has for a changed field",
        }.items()
    },
}


@fields
def test_an_entry_is_complete(field: Field) -> None:
    assert field.text.endswith(".")
    assert field.graphql_name == to_camel_case(field.name)
    assert (field.vocabulary is not None) == (field.form is ValueForm.TERMS)
    assert (field.limit is not None) == field.is_text
    assert field.searched_in is None or (field.is_text and field.searched_in in set(TextTier))
    assert not field.refuses_addresses or field.is_text
    assert (field.merge is MergeRule.UNITE) == field.is_list


@fields
def test_every_shape_has_the_field(field: Field) -> None:
    assert field.name in Organization.__struct_fields__
    assert field.name in OrganizationDraft.model_fields
    assert (field.name in SOURCED_FIELDS) == field.has_sources
    assert field.is_list or field.name in list_plain_fields(StoredOrganization)
    if field.audience is Audience.PUBLIC:
        assert field.graphql_name in SCHEMA.type_map["Organization"].fields  # type: ignore[attr-defined]


@fields
def test_a_draft_checks_it_and_accepts_a_value(field: Field) -> None:
    value = build_value(field)
    assert getattr(parse_draft({"name": "A", field.name: value}), field.name) == value
    assert getattr(parse_draft({"name": "A"}), field.name) == field.default
    with pytest.raises(BadInput, match=f"^{field.name}"):
        parse_draft({"name": "A", field.name: {"an": "object"}})
    if field.limit is not None:
        with pytest.raises(BadInput, match=f"at most {field.limit} characters"):
            parse_draft({"name": "A", field.name: "x" * (field.limit + 1)})


@fields
def test_two_records_are_merged_by_its_rule(field: Field) -> None:
    value = build_value(field)
    empty, full = a_stored_organization("Empty"), a_stored_organization("Full", **{field.name: value})
    own = getattr(build_merged_record(full, empty), field.name)
    taken = getattr(build_merged_record(empty, full), field.name)
    assert own == value
    assert taken == (field.default if field.merge is MergeRule.KEEP else value)
    if field.is_list:
        part = replace(full, **{field.name: value[1:]})
        assert getattr(build_merged_record(part, full), field.name) == (*value[1:], value[0])


@fields
def test_an_import_is_its_source(field: Field) -> None:
    record = a_stored_organization("A", **{field.name: build_value(field)})
    sources = add_sources(record, [field.name], Row("list.csv", 2, {}), Dataset("list", "A list", ())).sources
    assert [source.field for source in sources] == ([field.name] if field.has_sources else [])


@fields
def test_its_examples_are_valid_and_in_both_languages(field: Field) -> None:
    assert field.examples.keys() in (set(), {"en", "es"})
    for text in (text for texts in field.examples.values() for text in texts):
        assert getattr(parse_draft({"name": "A", field.name: text}), field.name) == text


def test_a_third_of_a_fictional_network_has_examples_and_nothing_else_depends_on_them() -> None:
    members = list(generate_fictional_organizations(601))[1:]
    for name in (name for name, field in FIELDS.items() if field.examples):
        share = sum(getattr(member, name) is not None for member in members) / len(members)
        assert 0.25 < share < 0.42, name
        spanish = [member for member in members if getattr(member, name) in FIELDS[name].examples["es"]]
        assert all("es" in member.languages for member in spanish)


def test_a_field_for_staff_is_published_to_staff_only() -> None:
    record = a_stored_organization("A", **build_values())
    restricted = {"founded": replace(FIELDS["founded"], audience=Audience.STAFF)}
    published = {audience: publish_restricted_fields(record, audience, restricted) for audience in Audience}
    assert published == {Audience.PUBLIC: {}, Audience.MEMBERS: {}, Audience.STAFF: {"founded": record.founded}}


@pytest.mark.parametrize("order", [COLUMN_ORDER, MAP_ORDER, (...,)])
def test_no_order_loses_a_field(order: tuple[str, ...]) -> None:
    arranged = arrange_fields(order)
    assert arranged == FIELDS
    named = [name for name in order if isinstance(name, str)]
    assert [name for name in arranged if name in named] == named


def test_no_product_file_names_the_texts() -> None:
    """A reader that lists them by name would miss the next one. Pages show each text in its own place, with its own words."""
    named = set()
    for path in (path for package in ("directory", "schema", "seed", "web", "cli") for path in (ROOT / package).rglob("*.py")):
        if path.name == "fields.py" or "migrations" in path.parts or path.is_relative_to(ROOT / "web" / "pages"):
            continue
        constants = {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}
        lines = {name for name, field in FIELDS.items() if field.form is ValueForm.LINE}
        named |= {(name, str(path.relative_to(ROOT))) for name in constants & lines}
    assert named == SPECIAL_TEXTS.keys()
