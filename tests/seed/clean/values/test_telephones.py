import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import convert_alpha_characters_in_number

from directory.drafts.normalize import normalize_phone
from directory.errors import BadInput
from seed.clean.values.telephones import Telephone, parse_telephones

CARIBBEAN_OR_MEXICO = frozenset(  # area codes
    {"246", "284", "345", "441", "473", "649", "658", "664", "721", "758", "767", "784", "829", "868", "869"}
)
FIRST, SECOND = "+14045550100", "+14045550101"


@pytest.mark.parametrize(
    "text",
    [
        *("(404) 555-0100", "404.555.0100", "4045550100", "+1 404 555 0100", "1-404-555-0100", "4045550100.0", "1.404.555.0100"),
        *("Tel: 404-555-0100", "404-555-0100 (office)", "404-555-0100 (ask for Ana)", "404–555–0100"),
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


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("404-555-0100, fax 404-555-0101", [None, "Fax"]),
        ("404-555-0100 fax 404-555-0101", [None, "Fax"]),
        ("404-555-0100 (office) 404-555-0101 (fax)", [None, "Fax"]),
        ("404-555-0100 cell 404-555-0101 office", ["Cell", None]),
        ("Office 404-555-0100 Fax 404-555-0101", [None, "Fax"]),
        ("24-hour crisis line 404-555-0100 / Office (404) 555-0101", ["Crisis line", None]),
        ("Office, 404-555-0100; cell; 404-555-0101", [None, "Cell"]),
        ("f: 404-555-0100; c: 404-555-0101", ["Fax", "Cell"]),
        ("Tel/Fax: 404-555-0100, 404-555-0101", [None, None]),
        ("404-555-0100 TTY; 404-555-0101 whatsapp", ["TTY", "WhatsApp"]),
        ("404-555-0100 (talk / request line); 404-555-0101 (tours & classes)", [None, None]),
        ("línea de ayuda 404-555-0100; celular 404-555-0101", ["Helpline", "Cell"]),
    ],
)
def test_labels_stay_with_their_numbers(text: str, labels: list[str | None]) -> None:
    assert [(telephone.number, telephone.label) for telephone in parse_telephones(text).value] == list(
        zip((FIRST, SECOND), labels, strict=True)
    )


def test_a_home_number_is_left_out() -> None:
    result = parse_telephones("Casa: 404-555-0100; 404-555-0101")
    assert result.value == (Telephone(SECOND),)
    assert "home number" in result.problems[0]


def test_a_number_is_left_out_if_its_label_is_unclear() -> None:
    with pytest.raises(BadInput, match='unclear which number "cell"'):
        parse_telephones("Office 404-555-0100 cell 404-555-0101 fax")


def test_a_label_between_two_separators_is_unclear() -> None:
    with pytest.raises(BadInput, match='unclear which number "fax"'):
        parse_telephones("404-555-0100; fax; 404-555-0101")


def test_one_number_with_several_extensions() -> None:
    assert parse_telephones("404-555-0100 ext. 12 or 14").value == (Telephone(FIRST, "12"), Telephone(FIRST, "14"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("(510) 845-RIDE (7433)", "+15108457433"), ("1-866-LAW-HELP", "+18665294357"), ("1-800-656-HOPE", "+18006564673")),
        *(("510-845-7433 TTY", "+15108457433"), ("52 656 123 4567", "+526561234567")),
        *(("011 52 1 664 123 4567", "+526641234567"), ("+52 1 81 1234 5678", "+528112345678")),
        ("24/7: 404-555-0100 (9am - 5pm)", FIRST),
    ],
)
def test_numbers_that_people_write_in_their_own_way(text: str, number: str) -> None:
    result = parse_telephones(text)
    assert [telephone.number for telephone in result.value] == [number]
    assert not result.problems


@pytest.mark.parametrize(
    ("text", "label"),
    [
        *(
            ("404-555-0100/0101", None),
            ("404-555-0100 or 0101", None),
            ("(404) 555-0100 / 0101", None),
            ("404.555.0100 y 0101", None),
        ),
        *(("404-555-0100 / 0101 (fax)", "Fax"), ("Office 404-555-0100 / fax 0101", "Fax"), ("404-555-0100 & 0101 cell", "Cell")),
        ("404-555-0100 (office) / 0101 (fax)", "Fax"),
    ],
)
def test_a_number_may_be_written_by_its_last_four_digits(text: str, label: str | None) -> None:
    result = parse_telephones(text)
    assert result.value == (Telephone(FIRST), Telephone(SECOND, label=label))
    assert "first digits taken from the number before" in result.reasons
    assert result.problems == ()


def test_three_numbers_may_share_their_first_digits() -> None:
    numbers = [telephone.number for telephone in parse_telephones("510.845.7433 / 7434/7435").value]
    assert numbers == ["+15108457433", "+15108457434", "+15108457435"]


@pytest.mark.parametrize(
    "text",
    [
        *("404-555-0100/01", "404-555-0100; 211", "404-555-0100, 555-0101", "404-555-0100 / 2019-2020", "404-555-0100 / 01011"),
        *("404-555-0100 / room 1200", "404-555-0100, 0101"),
    ],
)
def test_parts_of_numbers_are_left_out_and_reported(text: str) -> None:
    result = parse_telephones(text)
    assert result.value == (Telephone(FIRST),)
    assert len(result.problems) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        *(("211", "short number"), ("988", "short number"), ("text HOME to 741741", "short number")),
        *(("(656) 123-4567", r"write \+52"), ("(664) 491-2345", r"write \+52")),
        *(
            ("555-0100", "no area code"),
            ("123-456-7890", "as far as this program knows"),
            ("call Ana", "not a telephone"),
        ),
        ("510-845-RIDE (7434)", "part of a telephone number|not a telephone number"),
    ],
)
def test_the_reason_is_true_of_the_number(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as refusal:
        parse_telephones(text)
    assert "exist" not in refusal.value.user_message


def test_long_cells_and_many_numbers_are_limited() -> None:
    with pytest.raises(BadInput, match="longer than 1,000"):
        parse_telephones("404-555-0100;" * 100)
    result = parse_telephones(";".join(f"404-555-01{number:02}" for number in range(30)))
    assert len(result.value) == 20
    assert "30 telephone numbers" in result.problems[0]


def test_foreign_numbers() -> None:
    assert parse_telephones("+52 55 5123 4567").value == (Telephone("+525551234567"),)
    assert parse_telephones("55 5123 4567", "MX").value == (Telephone("+525551234567"),)


@pytest.mark.parametrize("text", ["555-0100", "call Ana", "000-000-0000", "123-456-7890", "4.04555E+09", ""])
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
        if expected is None or text[1:4] in CARIBBEAN_OR_MEXICO:
            with pytest.raises(BadInput):
                parse_telephones(text)
        else:
            assert parse_telephones(text).value == expected


# Parts of cells, for the property below: numbers by their normal form, labels by their role, and notes without numbers.
NUMBERS = {
    "404-555-0100": "+14045550100",
    "(212) 555-0147": "+12125550147",
    "1.312.555.0199": "+13125550199",
    "+52 81 1234 5678": "+528112345678",
    "787 555 0123": "+17875550123",
    "1-800-FLOWERS": "+18003569377",
    "+44 20 7946 0958": "+442079460958",
    "6025550130": "+16025550130",
}
LABELS = {
    "": None,
    "Tel": None,
    "office": None,
    "fax": "Fax",
    "cell": "Cell",
    "TTY": "TTY",
    "crisis line": "Crisis line",
    "WhatsApp": "WhatsApp",
    "hotline": "Hotline",
    "toll-free": "Toll-free",
}
NOTES = ("", "ask for Ana", "9am-5pm", "24/7", "Mon & Fri", "tours / classes", "se habla español", "after 5")
EXTENSIONS = {"": None, " x12": "12", " ext. 7": "7", " (ext 104)": "104"}
FORMS = ("{label} {number}{extension}{note}", "{label}: {number}{extension}{note}", "{number}{extension} ({label}){note}")


@st.composite
def cells(draw: st.DrawFn) -> tuple[str, list[Telephone]]:
    """Return a cell as a person may type it, and the numbers in it."""
    numbers = draw(st.lists(st.sampled_from(sorted(NUMBERS)), min_size=1, max_size=4, unique=True))
    separator = draw(st.sampled_from(("; ", ", ", "\n", " / ", " or ", " | ")))
    form = draw(
        st.sampled_from(
            ("{label} {number}{extension}{note}", "{label}: {number}{extension}{note}", "{number}{extension} ({label}){note}")
        )
    )
    pieces, expected = [], []
    for number in numbers:
        label, note = draw(st.sampled_from(sorted(LABELS))), draw(st.sampled_from(NOTES))
        extension = draw(st.sampled_from(sorted(EXTENSIONS)))
        noted = f" ({note})" if note else ""
        pieces.append(form.format(label=label, number=number, extension=extension, note=noted).replace(" ()", "").lstrip(" :"))
        expected.append(Telephone(NUMBERS[number], EXTENSIONS[extension], LABELS[label]))
    return separator.join(pieces), expected


@given(cells())
@settings(max_examples=600, deadline=None)
def test_every_number_label_and_extension_is_found_and_nothing_else(cell: tuple[str, list[Telephone]]) -> None:
    text, expected = cell
    result = parse_telephones(text)
    assert list(result.value) == expected
    assert not result.problems


@given(st.text(alphabet="0123456789 -./()+;,x#\nfaxcelTTYor", max_size=60))
@settings(max_examples=600, deadline=None)
def test_no_number_is_invented(text: str) -> None:
    try:
        telephones = parse_telephones(text).value
    except BadInput:
        return
    digits = re.sub(r"[^0-9]", "", convert_alpha_characters_in_number(text.upper()))
    for telephone in telephones:
        assert telephone.number.lstrip("+").removeprefix("1").removeprefix("52") in digits
        assert normalize_phone(telephone.number)[0] == telephone.number
