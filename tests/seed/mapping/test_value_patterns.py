from collections.abc import Callable

import pytest

from seed.mapping import value_patterns

LOOKS: list[tuple[Callable[[str], bool], str, str]] = [
    (value_patterns.is_email, "a@x.org|A.B+c@Sub.Example.ORG|mailto:a@x.org", "a@x|a x@y.org|@handle|x.org|"),
    (
        value_patterns.is_phone,
        "(404) 555-0100|404-555-0100|404.555.0100|+1 404 555 0100 ext. 5|1-404-555-0100|+52 55 1234 5678",
        "4045550100|2024-05-06|12-3456789|555-0100|30303-1234|",
    ),
    (value_patterns.is_url, "x.org|www.x.org/a|https://x.museum/é|sub.x.co", "a@x.org|e.g.|Inc.|x|v1.2|"),
    (value_patterns.is_ein, "12-3456789", "123456789|123-456789|12-34567890"),
    (value_patterns.is_uuid, "4D9C3C0C-7b1e-4f0e-9a52-1f7f1a1c2b3d", "rec123|4d9c3c0c"),
    (value_patterns.is_record_key, "a-group|group7", "17|A Group|a--b|Ñ"),
    (value_patterns.is_boolean, "Yes|no|X|Sí|TRUE|1", "@x|2|yesterday|"),
    (value_patterns.is_state, "GA|Georgia|Ga.|Ontario|Puerto Rico", "Active|Atlanta|XX"),
    (value_patterns.is_country, "US|USA|México|Estados Unidos", "north|Atlanta"),
    (value_patterns.is_city, "Atlanta|Springfield|Los Ángeles", "Housing|GA|30303|Fulton County"),
    (value_patterns.is_postal_code, "30303|30303-1234", "00000|3030|12-3456789|H2X 1Y4"),
    (
        value_patterns.is_street,
        "12 Main St|12-14 Elm|PO Box 7|Calle 5",
        "Main St|12 Main St, Atlanta, GA 30303|Atlanta, GA|30303",
    ),
    (
        value_patterns.is_whole_address,
        "12 Main St, Macon, GA 31201|Macon, GA|12 Main Macon GA 31201, USA",
        "12 Main St|Macon|31201|Tenants, Inc",
    ),
    (
        value_patterns.is_prose,
        "We work on housing with everyone in the county, " + "and beyond, " * 1 + "x" * 200,
        "Housing; Health|" + "a, " * 99,
    ),
    (value_patterns.has_organization_word, "Tenants Union|Coalición de Derechos|THE WORKERS' CENTER", "Jane Doe|Mijente|"),
]


@pytest.mark.parametrize(("looks", "those", "others"), LOOKS, ids=[looks.__name__ for looks, _, _ in LOOKS])
def test_what_values_look_like(looks: Callable[[str], bool], those: str, others: str) -> None:
    assert [text for text in those.split("|") if not looks(text)] == []
    assert [text for text in others.split("|") if looks(text)] == []


def test_samples_leave_out_what_says_nothing() -> None:
    assert value_patterns.sample_values(["", " a ", "N/A", "unknown", "-", "b"]) == ("a", "b")
    assert len(value_patterns.sample_values(["a"] * 1000)) == value_patterns.SAMPLE_SIZE


def test_the_share_of_nothing_is_none() -> None:
    assert value_patterns.matching_share((), value_patterns.is_email) == 0
    assert value_patterns.matching_share(("a@x.org", "a"), value_patterns.is_email) == 0.5
