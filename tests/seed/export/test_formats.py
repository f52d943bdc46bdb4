import io

import pytest

from seed.export.formats import EXPORT_FORMATS
from tests.builders import an_organization
from tests.seed.export.exported_tables import build_test_info


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_every_format_says_what_it_is_and_writes(name: str) -> None:
    one = EXPORT_FORMATS[name]
    assert one.extension.startswith(".")
    assert "/" in one.media_type
    assert one.description
    out = io.BytesIO()
    one.write(iter([an_organization("Harbor Tenants Union")]), out, build_test_info())
    assert out.getvalue()


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_the_same_records_are_the_same_bytes(name: str) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for out in (first, second):
        EXPORT_FORMATS[name].write([an_organization("Harbor Tenants Union")], out, build_test_info())
    assert first.getvalue() == second.getvalue()
