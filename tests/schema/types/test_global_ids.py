"""Global ids: each has one spelling, and everything else is refused."""

from base64 import urlsafe_b64encode

import pytest

from directory.errors import BadInput
from schema.types.global_ids import MAX_ID_LENGTH, NODE_TYPES, GlobalId, parse_global_id, parse_organization_id
from tests.builders import an_id


def encode(text: str) -> str:
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    ["Organization:", "Organization:1", f"Organization:{an_id('A').upper()}", "Network:x", "housing", ":", "organization:x", ""],
)
def test_a_malformed_id_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_global_id(encode(text))


def test_another_spelling_of_an_id_is_refused() -> None:
    region_id = str(GlobalId("Region", "US-GA"))
    for other in (region_id + "=", region_id + "==", f" {region_id}", region_id + "\n", region_id.swapcase()):
        with pytest.raises(BadInput):
            parse_global_id(other)


def test_an_id_that_is_too_long_is_refused() -> None:
    long = str(GlobalId("Place", "x" * MAX_ID_LENGTH))
    with pytest.raises(BadInput):
        parse_global_id(long)


@pytest.mark.parametrize("kind", NODE_TYPES)
def test_an_id_survives_a_round_trip(kind: str) -> None:
    global_id = GlobalId(kind, an_id("A"))
    assert parse_global_id(str(global_id)) == global_id


def test_the_id_of_another_type_is_not_an_organization() -> None:
    with pytest.raises(BadInput, match="Pass the id of an Organization"):
        parse_organization_id(str(GlobalId("Region", "US-GA")))
