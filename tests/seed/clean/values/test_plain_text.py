import pytest

from directory.drafts.normalize import normalize_paragraphs
from directory.errors import BadInput
from seed.clean.values.plain_text import clean_line, clean_text, is_empty_value, strip_markup


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("caf\u00c3\u00a9", "café"),
        ("women\u00e2\u20ac\u2122s", "women’s"),
        ("\u00e2\u20ac\u0153Hi\u00e2\u20ac\x9d", "“Hi”"),
        ("caf\u00c3\u0192\u00c2\u00a9", "café"),
    ],
)
def test_garbled_letters_are_restored_and_told(text: str, readable: str) -> None:
    assert clean_text(text).value == readable
    assert clean_text(text).reasons == ("garbled letters restored",)


@pytest.mark.parametrize("text", ["SÃO PAULO", "Êtes-vous", "âge", "“quoted”", "Año ÃÂ", "日本 Ã©", "niño â€™ ñ"])
def test_what_is_not_surely_garbled_stays(text: str) -> None:
    assert clean_text(text).value == text
    assert clean_text(text).reasons == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("AT&amp;T", "AT&T"),
        ("&amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt;", "bold"),
        ("one<br/>two<p>three</p>", "one\ntwo\nthree\n"),
        ("<script>alert('x')</script>kept<style>b{}</style>", "kept"),
        ("a <!-- note --> b", "a  b"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("Arts&Notes <3", "Arts&Notes <3"),
        ("cut <b", "cut <b"),
    ],
)
def test_html_becomes_plain_text(text: str, told: str) -> None:
    assert strip_markup(text) == told


def test_no_tag_is_left_that_a_draft_would_take() -> None:
    left = strip_markup("&lt;img src=x onerror=alert(1)&gt;Hello")
    assert normalize_paragraphs(left) == "Hello"


@pytest.mark.parametrize("strange", ["\x00", "\x07", "\u202e", "\u2066", "\u200f", "\ud800", "\ue000", "\x7f"])
def test_characters_that_mislead_are_refused(strange: str) -> None:
    with pytest.raises(BadInput, match=f"U\\+{ord(strange):04X}"):
        clean_text(f"Ten{strange}ants")


def test_a_control_character_hidden_in_an_entity_is_refused_too() -> None:
    with pytest.raises(BadInput):
        clean_text("Ten&#8238;ants")


def test_unseen_characters_leave_and_other_line_breaks_become_lines() -> None:
    assert clean_text("\ufeffTen\u00adants\u200b").value == "Tenants"
    assert clean_text("\ufeffTenants").reasons == ("unseen characters left out",)
    assert clean_text("\ufffeTen\ufdd0ants\U0010ffff").value == "Tenants"
    assert clean_text("Tenants\uffff").reasons == ("unseen characters left out",)
    assert clean_text("a\x0bb\u2028c\r\nd").value == "a\nb\nc\nd"
    assert clean_line("a\u00a0 b\n\tc").value == "a b c"


def test_joiners_of_other_scripts_stay() -> None:
    assert clean_text("می‌خواهم").value == "می‌خواهم"


@pytest.mark.parametrize("text", ["", "-", "--", "N/A", "n.a.", "None", "NULL", "tbd", "#REF!", "?", "Ninguno", "unknown"])
def test_what_stands_for_an_empty_cell(text: str) -> None:
    assert is_empty_value(text)


@pytest.mark.parametrize("text", ["0", "No", "Nonesuch", "ref", "✓", "Nation", "#1", "日"])
def test_what_only_looks_like_it(text: str) -> None:
    assert not is_empty_value(text)


def test_long_hostile_texts_end_soon() -> None:
    for text in ("<script>" * 4000, "<a" * 16000, "<!--" * 8000, "&#" * 16000 + "<a>", "Ã" * 32000):
        assert len(clean_text(text).value) <= len(text)
