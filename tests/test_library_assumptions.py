"""What the code assumes about its libraries beyond their documentation.

These are internals that we read, constants that we overwrite, and errors that we can recognize only by their text. A
test fails here when a new version of a library changes one of them. tests/test_uvicorn_assumptions.py does the same for uvicorn.
"""

import csv
import json
import re
import sqlite3
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import psycopg
import pytest
import strawberry
from graphql import GraphQLSchema, build_schema, parse, print_schema, validate
from graphql.validation.rules import overlapping_fields_can_be_merged as merge_rule
from graphql.validation.validate import ValidationAbortedError
from msgspec.structs import replace
from pydantic import AfterValidator, BaseModel, ValidationError
from pyroaring import BitMap
from python_calamine import CalamineError, CalamineWorkbook
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition

from schema.errors import RequestRefusedError
from schema.execution.prepared_document import prepare_document
from schema.limits import LIMITS, MAX_FIELD_COMPARISONS
from seed.sources import dataset_loader
from seed.sources.formats import csv_records, workbook
from tests.seed.sources.formats.workbooks import ods, ods_cell
from web.settings import VALUE_ERROR_PREFIX

ROOT = Path(__file__).parent.parent
PINNED_MINORS = ["uvicorn", "graphql-core", "strawberry-graphql"]


@pytest.mark.parametrize("name", PINNED_MINORS)
def test_a_library_whose_internals_are_used_is_pinned_to_its_minor_version(name: str) -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    major, minor = map(int, version(name).split(".")[:2])
    assert [each for each in dependencies if re.match(rf"{name}\b", each)] == [f"{name}>={major}.{minor},<{major}.{minor + 1}"]


# graphql-core and Strawberry: schema/


@pytest.mark.parametrize(
    ("document", "limit"), [("{ __typename __typename }", {"tokens": 3}), ("#a\n#b\n#c\n{ __typename }", {"comments": 2})]
)
def test_the_limits_of_the_parser_are_recognized_by_its_message(document: str, limit: dict[str, int]) -> None:
    """graphql-core has no code for them, so schema/execution/prepared_document.py looks for parts of the text."""
    with pytest.raises(RequestRefusedError) as error:
        prepare_document(document, replace(LIMITS, **limit))
    assert error.value.errors[0]["extensions"] == {
        "code": "TOO_LARGE",
        "of": next(iter(limit)),
        "limit": next(iter(limit.values())),
    }


def test_graphql_core_reads_the_budget_for_comparing_fields_that_we_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert merge_rule.MAX_COMPLEXITY_BUDGET == MAX_FIELD_COMPARISONS
    schema, document = build_schema("type Query { a: Int }"), parse("{ x: a x: a x: a }")
    rules = [merge_rule.OverlappingFieldsCanBeMergedRule]
    assert validate(schema, document, rules) == []
    monkeypatch.setattr(merge_rule, "MAX_COMPLEXITY_BUDGET", 1)
    assert [type(error) for error in validate(schema, document, rules)] == [ValidationAbortedError]


@strawberry.input(one_of=True)
class Choice:
    a: int | None = strawberry.UNSET
    b: int | None = strawberry.UNSET


@strawberry.type
class Query:
    @strawberry.field
    def field(self, choice: Choice, count: int | None = None) -> int:
        return count or 0


def test_strawberry_has_a_graphql_core_schema_that_can_be_changed() -> None:
    schema = strawberry.Schema(query=Query)._schema
    assert isinstance(schema, GraphQLSchema)
    count: Any = schema.type_map["Query"].fields["field"].args["count"]  # type: ignore[attr-defined]
    assert count.default_value is None
    assert "count: Int = null" in print_schema(schema)


def test_strawberry_keeps_its_definition_of_an_input_with_the_graphql_type() -> None:
    schema = strawberry.Schema(query=Query)._schema
    definition = schema.type_map["Choice"].extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    assert isinstance(definition, StrawberryObjectDefinition)
    assert definition.is_one_of


# The standard library and libraries that read files: seed/


def test_json_reports_a_second_value_with_this_text() -> None:
    with pytest.raises(json.JSONDecodeError) as error:
        json.loads('{"a": 1}\n{"a": 2}')
    assert error.value.msg == dataset_loader.EXTRA_DATA_MESSAGE


@pytest.mark.parametrize(
    ("line", "beginning"),
    [
        ('"open', csv_records._UNEXPECTED_END),
        (f'"{"a" * (csv.field_size_limit() + 1)}"', csv_records._FIELD_TOO_LARGE),
    ],
    ids=["open", "long"],
)
def test_csv_reports_a_broken_cell_with_these_texts(line: str, beginning: str) -> None:
    with pytest.raises(csv.Error) as error:
        next(csv.reader([line], strict=True))
    assert str(error.value).startswith(beginning)


def test_calamine_reports_a_sheet_with_too_many_cells_with_this_text(tmp_path: Path) -> None:
    path = tmp_path / "large.ods"
    path.write_bytes(ods(f'<table:table-row table:number-rows-repeated="1048576">{ods_cell("x", 100)}</table:table-row>'))
    with pytest.raises(CalamineError, match=workbook._CELL_LIMIT_MESSAGE):
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)


# Databases: directory/store/


def test_sqlite_errors_have_the_name_of_their_code() -> None:
    with sqlite3.connect(":memory:") as connection, pytest.raises(sqlite3.Error) as error:
        connection.execute("SELECT * FROM missing")
    assert error.value.sqlite_errorname == "SQLITE_ERROR"


def test_sqlalchemy_keeps_the_error_of_the_driver() -> None:
    with create_engine("sqlite://").connect() as connection, pytest.raises(DBAPIError) as error:
        connection.execute(text("SELECT * FROM missing"))
    assert isinstance(error.value.orig, sqlite3.Error)


def test_psycopg_errors_have_a_sqlstate() -> None:
    assert psycopg.errors.SerializationFailure("x").sqlstate == "40001"
    assert psycopg.OperationalError("connection lost").sqlstate is None


# Others


def test_pydantic_puts_this_before_the_message_of_a_value_error() -> None:
    def refuse(_value: str) -> str:
        raise ValueError("our message")

    class Model(BaseModel):
        value: Annotated[str, AfterValidator(refuse)]

    with pytest.raises(ValidationError) as error:
        Model(value="x")
    assert [problem["msg"] for problem in error.value.errors()] == [f"{VALUE_ERROR_PREFIX}our message"]


def test_bitmaps_export_32_bit_numbers_in_order() -> None:
    """web/reconcile/candidates.py reads their buffer as such."""
    assert np.frombuffer(BitMap([70_000, 3]).to_array(), np.uint32).tolist() == [3, 70_000]
