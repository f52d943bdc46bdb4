import random

import pytest

from directory.drafts.normalize import normalize_phone
from directory.errors import BadInput
from seed.clean.values.contact_points import Telephone, parse_telephones

FIRST, SECOND = "+14045550100", "+14045550101"


@pytest.mark.parametrize(
    "text",
    [
        *("(404) 555-0100", "404.555.0100", "4045550100", "+1 404 555 0100", "1-404-555-0100", "4045550100.0", "1.404.555.0100"),
        *("Tel: 404-555-0100", "404-555-0100 (office)", "404-555-0100 (ask for Ana)", "(404)555-0100 cell", "404–555–0100"),
    ],
)
def test_a_number_is_parsed_in_many_forms(text: str) -> None:
    assert parse_telephones(text).value == (Telephone(FIRST),)


@pytest.mark.parametrize("text", ["404-555-0100 / 404-555-0101", "404-555-0100; 404-555-0101", "404-555-0100 or (404) 555-0101"])
def test_two_numbers_in_a_cell(text: str) -> None:
    assert parse_telephones(text).value == (Telephone(FIRST), Telephone(SECOND))


def test_extensions_belong_to_their_numbers() -> None:
    assert parse_telephones("404-555-0100 x12").value == (Telephone(FIRST, "12"),)
    assert parse_telephones("404-555-0100 ext. 12; 404-555-0101").value == (Telephone(FIRST, "12"), Telephone(SECOND))


def test_letters_become_digits_and_are_reported() -> None:
    assert parse_telephones("1-800-FLOWERS").value == (Telephone("+18003569377"),)
    assert parse_telephones("1-800-FLOWERS").reasons == ("letters converted to digits",)


def test_a_fax_number_is_removed_and_reported() -> None:
    assert parse_telephones("404-555-0100, fax 404-555-0101").value == (Telephone(FIRST),)
    assert parse_telephones("404-555-0100 fax 404-555-0101").value == (Telephone(FIRST),)
    assert parse_telephones("Fax: 404-555-0100").value == ()
    assert parse_telephones("Fax: 404-555-0100").reasons == ("fax number removed",)


def test_foreign_numbers() -> None:
    assert parse_telephones("+52 55 5123 4567").value == (Telephone("+525551234567"),)
    assert parse_telephones("55 5123 4567", "MX").value == (Telephone("+525551234567"),)


@pytest.mark.parametrize("text", ["555-0100", "404-555-0100/0101", "call Ana", "000-000-0000", "123-456-7890", "4.04555E+09", ""])
def test_text_that_is_not_a_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_telephones(text)


def test_a_number_that_a_spreadsheet_rounded_says_so() -> None:
    with pytest.raises(BadInput, match="rounded"):
        parse_telephones("4.04555E+09")


def test_the_fast_path_agrees_with_full_validation() -> None:
    numbers = random.Random(7)  # noqa: S311
    for _ in range(400):
        text = f"({numbers.randint(200, 999)}) {numbers.randint(100, 999)}-{numbers.randint(0, 9999):04}"
        try:
            expected: tuple[Telephone, ...] | None = (Telephone(*normalize_phone(text)),)
        except BadInput:
            expected = None
        if expected is None:
            with pytest.raises(BadInput):
                parse_telephones(text)
        else:
            assert parse_telephones(text).value == expected
