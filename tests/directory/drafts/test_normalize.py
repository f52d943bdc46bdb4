from random import Random

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email

from directory.drafts import normalize
from directory.errors import BadInput


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("  Workers   Center ", "Workers Center"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("Cafe\u0301", "Café"),
        ("a < b & c > d", "a < b & c > d"),
        ("مرحبا", "مرحبا"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
    ],
)
def test_a_line_of_plain_text(text: str, normalized: str) -> None:
    assert normalize.normalize_line(text) == normalized


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b>",
        "<script",
        "</p>",
        "<!-- x -->",
        "Fish &amp; Chips",
        "&#60;b",
        "&#X3c;b",
        "x\x00y",
        "x\x1b[31m",
        "gpj\u202egnp",
        "a\u200bb",
        "\ufeffa",
        "\ud800",
        "a\ufffe",
        "\uffff",
        "\ufdd0",
        "\ufdef",
        "\U0001fffe",
        "\U0010ffff",
    ],
)
def test_markup_and_invisible_characters_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        normalize.normalize_line(text)
    with pytest.raises(BadInput):
        normalize.normalize_paragraphs(text)


def test_paragraphs_keep_their_breaks() -> None:
    assert normalize.normalize_paragraphs(" One.\r\nTwo.\r\n\r\n\r\n\r\n Three. \n") == "One.\nTwo.\n\nThree."


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("HTTP://example.org:80/a?b=c#d", "http://example.org/a?b=c#d"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://example.org./x", "https://example.org/x"),
        ("https://example.org/niñez y más", "https://example.org/ni%C3%B1ez%20y%20m%C3%A1s"),
        ("https://example.org/100%25", "https://example.org/100%25"),
        ("https://xn--nio-8na.example.org", "https://xn--nio-8na.example.org/"),
    ],
)
def test_a_web_address_has_one_form(text: str, address: str) -> None:
    assert normalize.normalize_url(text) == address
    assert normalize.normalize_url(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "example.org",
        "//example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "https://",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::1/",
        "https://example.org:99999/",
        "https://user:secret@example.org/",
        "https://exa mple.org/",
        "https://ni\u00f1o.example.org/",
        "https://-example.org/",
        "https://example.org/" + "x" * normalize.URL_LIMIT,
    ],
)
def test_other_texts_than_public_web_addresses_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        normalize.normalize_url(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(404) 588-9761", ("+14045889761", None)),
        ("404.588.9761 ext. 12", ("+14045889761", "12")),
        ("+52 55 5093 0000", ("+525550930000", None)),
    ],
)
def test_a_telephone_number_in_e164(text: str, number: tuple[str, str | None]) -> None:
    assert normalize.normalize_phone(text) == number


@pytest.mark.parametrize("text", ["", "call us", "588-9761", "123", "+1 999 999 9999", "4045889761.0"])
def test_invalid_telephone_numbers_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        normalize.normalize_phone(text)


def test_numbers_in_e164_are_judged_as_by_the_library() -> None:
    """Its own functions are used only for texts that are not in this form already."""
    rng = Random(7)  # noqa: S311 - not a secret
    codes = ["404", "212", "787", "340", "671", "800", "888", "900", "500", "416", "664", "211", "555", "037"]
    results = set()
    for _ in range(2_000):
        number = (
            f"+1{rng.choice(codes)}{rng.choice(('555', '211', '058', str(rng.randrange(200, 999))))}{rng.randrange(10_000):04}"
        )
        parsed = phonenumbers.parse(number)
        is_valid = phonenumbers.is_valid_number(parsed)
        try:
            result: tuple[str, str | None] | None = normalize.normalize_phone(number)
        except BadInput:
            result = None
        expected = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        assert result == ((expected, None) if is_valid else None), number
        results.add(is_valid)
    assert results == {True, False}


@pytest.mark.parametrize("text", ["https://x.org/", "http://a-b.c9.net/", "https://www.tenants-united.us/"])
def test_plain_web_addresses_are_in_normal_form_already(text: str) -> None:
    assert normalize.normalize_url(text) == normalize.normalize_url(f" {text}") == text


def test_an_ein_has_one_form_and_other_schemes_keep_theirs() -> None:
    assert (
        normalize.normalize_identifier("US-EIN", "012345678")
        == normalize.normalize_identifier("US-EIN", "01-2345678")
        == "01-2345678"
    )
    assert normalize.normalize_identifier("GB-CHC", " 123 456 ") == "123 456"
    for wrong in ("12345678", "1-23456789", "12-345678X", "12.3456789", "١٢-٣٤٥٦٧٨٩"):
        with pytest.raises(BadInput):
            normalize.normalize_identifier("US-EIN", wrong)


@pytest.mark.parametrize(
    ("text", "min_digits", "ein"),
    [
        ("123456789", 9, "12-3456789"),
        ("12-3456789", 9, "12-3456789"),
        ("12345678", 9, None),
        ("12345678", 8, "01-2345678"),
        ("1-2345678", 8, None),
        ("1234567", 8, None),
        ("1234567890", 5, None),
        ("", 5, None),
    ],
)
def test_zeros_at_the_start_of_an_ein_are_restored_only_on_request(text: str, min_digits: int, ein: str | None) -> None:
    assert normalize.parse_ein(text, min_digits=min_digits) == ein


@pytest.mark.parametrize("local", ["office", "o.f-f_i+ce1", "o..f", ".o", "o.", "o-", "o_f", "postmaster", "Office", "o" * 70])
@pytest.mark.parametrize("domain", ["a.org", "a-b.c.us", "ab--c.org", "-a.org", "a..org", "a.test", "xn--a.org", "A.org"])
def test_plain_email_addresses_are_normalized_as_by_the_library(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    try:
        normalized = validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        with pytest.raises(BadInput):
            normalize.normalize_email(text)
    else:
        assert normalize.normalize_email(text) == normalized


def test_an_email_address() -> None:
    assert normalize.normalize_email(" Office@Example.ORG ") == "Office@example.org"
    for wrong in ("office", "office@", "a b@example.org", "office@example", "<a@example.org>"):
        with pytest.raises(BadInput):
            normalize.normalize_email(wrong)
