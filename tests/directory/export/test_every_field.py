"""Every plain field is in every format that can hold it, and comes back from those that are read again."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.export.formats import EXPORT_FORMATS
from directory.fields import FIELDS, Field, Loss, Omission, SchemaNode
from directory.records import Organization
from directory.store.store import Store
from seed.mapping.heading_meaning import interpret_heading
from seed.mapping.headings import PLURAL_MARK
from seed.plan.import_plan import plan_import
from seed.sources.dataset import ReadOptions
from seed.sources.dataset_loader import load_dataset
from tests.builders import NOW, an_organization
from tests.directory.export.exported_tables import export_bytes
from tests.field_values import build_values, make_token

OWN_FORMATS = ("csv", "xlsx", "ndjson", "json")
FORMATS_BACK = (*OWN_FORMATS, "hsds", "hsds-json")
FULL = an_organization("Harbor Tenants Union", **build_values())
fields = pytest.mark.parametrize("field", FIELDS.values(), ids=list(FIELDS))


def find_place(field: Field, export_format: str) -> str | SchemaNode | Loss | Omission:
    """Return what the registry says about the field in the format."""
    places = {
        "geojson": field.geojson or field.name,
        "hsds": field.hsds or field.name,
        "hsds-json": field.hsds or field.name,
        "json-ld": field.json_ld,
        "murmurations": field.murmurations,
    }
    return field.name if export_format in OWN_FORMATS else places[export_format]


def export_text(export_format: str, organization: Organization) -> str:
    """Return the content of the file, unpacked."""
    content = export_bytes(export_format, [organization])
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(package.read(name).decode() for name in package.namelist())


@fields
@pytest.mark.parametrize("export_format", EXPORT_FORMATS)
def test_a_format_holds_the_field_or_the_registry_says_why_not(field: Field, export_format: str) -> None:
    place = find_place(field, export_format)
    content = export_text(export_format, FULL)
    differs = content != export_text(export_format, replace(FULL, **{field.name: field.default}))
    if isinstance(place, Omission):
        assert place.reason
        assert not differs
        return
    assert differs, f"{export_format} does not write {field.name}: change its exporter, or declare an Omission"
    if field.is_text:
        assert make_token(field.name) in content
        assert make_token(field.name) not in export_text(export_format, replace(FULL, **{field.name: field.default}))


@pytest.mark.parametrize("export_format", FORMATS_BACK)
def test_every_field_comes_back(export_format: str, store: Store, tmp_path: Path) -> None:
    path = tmp_path / f"export{EXPORT_FORMATS[export_format].extension}"
    path.write_bytes(export_bytes(export_format, [FULL]))
    dataset = load_dataset(path, ReadOptions(), io.BytesIO())
    (item,) = plan_import(dataset, store, today=NOW.date()).items
    assert item.problems == ()
    assert item.record_after is not None
    assert {name: getattr(item.record_after, name) for name in FIELDS} == build_values()


@fields
def test_its_headings_lead_to_it(field: Field) -> None:
    phrases = [*field.headings.en.split(", "), *field.headings.es.split(", ")]
    assert all(phrases), "a heading in each language"
    spellings = [phrase.replace(PLURAL_MARK, ending).capitalize() for phrase in phrases for ending in ("", "s")]
    found = {phrase: {meaning.field for meaning in interpret_heading(phrase).meanings} for phrase in spellings}
    assert [phrase for phrase, names in found.items() if field.name not in names] == []


@pytest.mark.parametrize("field", [field for field in FIELDS.values() if field.is_text], ids=lambda field: field.name)
def test_a_table_of_others_with_such_a_column_is_imported(field: Field, store: Store, tmp_path: Path) -> None:
    """tests/seed/clean/test_row_cleaning.py covers how values of other forms are written."""
    for language in (field.headings.en, field.headings.es):
        path = tmp_path / "list.csv"
        path.write_text(f"Organization,City,{language.split(', ')[0]}\nHarbor,Atlanta,{make_token(field.name)}\nOther,Boston,\n")
        items = plan_import(load_dataset(path, ReadOptions(), io.BytesIO()), store, today=dt.date(2026, 1, 1)).items
        assert [getattr(item.record_after, field.name) for item in items] == [make_token(field.name), None]
