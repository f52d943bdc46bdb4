"""Global ids: one spelling each, and nothing else is taken for one."""

from base64 import urlsafe_b64encode

import pytest

from directory.errors import BadInput
from schema.types.global_ids import MAX_ID_LENGTH, NODE_TYPES, GlobalId, parse_global_id, parse_organization_id
from tests.builders import an_id


def written(text: str) -> str:
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    ["Organization:", "Organization:1", f"Organization:{an_id('A').upper()}", "Network:x", "housing", ":", "organization:x", ""],
)
def test_what_none_of_our_ids_looks_like(text: str) -> None:
    with pytest.raises(BadInput):
        parse_global_id(written(text))


def test_another_spelling_of_an_id_is_none() -> None:
    one = str(GlobalId("Region", "US-GA"))
    for other in (one + "=", one + "==", f" {one}", one + "\n", one.swapcase()):
        with pytest.raises(BadInput):
            parse_global_id(other)


def test_an_id_that_is_too_long_is_not_read() -> None:
    long = str(GlobalId("Place", "x" * MAX_ID_LENGTH))
    with pytest.raises(BadInput):
        parse_global_id(long)


@pytest.mark.parametrize("kind", NODE_TYPES)
def test_there_and_back(kind: str) -> None:
    one = GlobalId(kind, an_id("A"))
    assert parse_global_id(str(one)) == one


def test_an_organization_is_not_something_else() -> None:
    with pytest.raises(BadInput, match="an Organization's is needed"):
        parse_organization_id(str(GlobalId("Region", "US-GA")))
