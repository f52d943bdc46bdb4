import io

import pytest

from seed.writers.formats import FORMATS
from tests.builders import an_organization
from tests.seed.writers.tables import about


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_what_it_is_and_writes(name: str) -> None:
    one = FORMATS[name]
    assert one.ending.startswith(".")
    assert "/" in one.media_type
    assert one.holds
    out = io.BytesIO()
    one.write(iter([an_organization("Harbor Tenants Union")]), out, about())
    assert out.getvalue()


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_records_are_the_same_bytes(name: str) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for out in (first, second):
        FORMATS[name].write([an_organization("Harbor Tenants Union")], out, about())
    assert first.getvalue() == second.getvalue()
