import io

import pytest

from directory.export.formats import EXPORT_FORMATS
from tests.builders import an_organization
from tests.directory.export.exported_tables import build_test_info


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_every_format_has_a_description_and_writes(name: str) -> None:
    export_format = EXPORT_FORMATS[name]
    assert export_format.extension.startswith(".")
    assert "/" in export_format.media_type
    assert export_format.description
    out = io.BytesIO()
    export_format.write(iter([an_organization("Harbor Tenants Union")]), out, build_test_info())
    assert out.getvalue()


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_the_same_records_are_the_same_bytes(name: str) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for out in (first, second):
        EXPORT_FORMATS[name].write([an_organization("Harbor Tenants Union")], out, build_test_info())
    assert first.getvalue() == second.getvalue()
