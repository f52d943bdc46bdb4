import pytest

from directory.drafts.normalize import normalize_paragraphs
from directory.errors import BadInput
from seed.clean.cleaning_log import CleaningResult
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
def test_garbled_letters_are_repaired_and_reported(text: str, readable: str) -> None:
    assert clean_text(text).value == readable
    assert clean_text(text).reasons == ("garbled letters repaired",)


@pytest.mark.parametrize(
    ("text", "readable"),
    [("ðŸ˜€ pride", "😀 pride"), ("РџСЂР°РІР°", "Права"), ("\u00c3\u0192\u00c6\u2019\u00c3\u201a\u00c2\u00a9", "é")],
)
def test_mojibake_of_other_encodings_and_depths_is_repaired(text: str, readable: str) -> None:
    assert clean_text(text) == CleaningResult(readable, ("garbled letters repaired",))


def test_every_way_of_garbling_a_name_is_repaired_or_left_alone() -> None:
    for name in ("Niñez y Juventud", "Añoranza", "Çelik Vakfı", "Fundação Só", "L’Étoile", "Tŷ Cymru"):
        for encoding in ("latin-1", "cp1252"):
            garbled = name.encode().decode(encoding, errors="replace")
            assert clean_text(garbled).value in (name, garbled)


@pytest.mark.parametrize("text", ["“curly” quotes’", "ﬁnance", "ＡＢＣ", "e\u0301", "it&#39;s", "Ĳssel", "one\u00a0two"])
def test_only_the_encoding_is_repaired(text: str) -> None:
    """ftfy could also change quotes, ligatures, character widths and normalization."""
    assert clean_text(text, markup=True) == CleaningResult(text)


def test_a_control_character_is_not_taken_for_mojibake() -> None:
    with pytest.raises(BadInput, match=r"U\+0092"):
        clean_text("Tenant\x92s")


@pytest.mark.parametrize("text", ["SÃO PAULO", "Êtes-vous", "âge", "“quoted”", "Año ÃÂ", "日本 Ã©", "niño â€™ ñ"])
def test_text_that_may_be_correct_is_unchanged(text: str) -> None:
    assert clean_text(text).value == text
    assert clean_text(text).reasons == ()


@pytest.mark.parametrize(
    ("text", "plain"),
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
def test_html_becomes_plain_text(text: str, plain: str) -> None:
    assert strip_markup(text) == plain


def test_no_tag_is_left_that_a_draft_would_take() -> None:
    left = strip_markup("&lt;img src=x onerror=alert(1)&gt;Hello")
    assert normalize_paragraphs(left) == "Hello"


@pytest.mark.parametrize("strange", ["\x00", "\x07", "\u202e", "\u2066", "\u200f", "\ud800", "\ue000", "\x7f"])
def test_misleading_characters_are_refused(strange: str) -> None:
    with pytest.raises(BadInput, match=f"U\\+{ord(strange):04X}"):
        clean_text(f"Ten{strange}ants")


def test_a_control_character_hidden_in_an_entity_is_refused_too() -> None:
    with pytest.raises(BadInput):
        clean_text("Ten&#8238;ants")


def test_invisible_characters_are_removed_and_line_breaks_normalized() -> None:
    assert clean_text("\ufeffTen\u00adants\u200b").value == "Tenants"
    assert clean_text("\ufeffTenants").reasons == ("invisible characters removed",)
    assert clean_text("\ufffeTen\ufdd0ants\U0010ffff").value == "Tenants"
    assert clean_text("Tenants\uffff").reasons == ("invisible characters removed",)
    assert clean_text("a\x0bb\u2028c\r\nd").value == "a\nb\nc\nd"
    assert clean_line("a\u00a0 b\n\tc").value == "a b c"


def test_joiners_of_other_scripts_are_unchanged() -> None:
    assert clean_text("می‌خواهم").value == "می‌خواهم"


@pytest.mark.parametrize("text", ["", "-", "--", "N/A", "n.a.", "None", "NULL", "tbd", "#REF!", "?", "Ninguno", "unknown"])
def test_placeholders_are_empty_values(text: str) -> None:
    assert is_empty_value(text)


@pytest.mark.parametrize("text", ["0", "No", "Nonesuch", "ref", "✓", "Nation", "#1", "日"])
def test_text_that_resembles_a_placeholder_is_not_empty(text: str) -> None:
    assert not is_empty_value(text)


def test_long_hostile_texts_are_cleaned_quickly() -> None:
    garbled = ("Ã" * 32000, "Ã©" * 16000, "â€" * 16000, "ÃÂ" * 16000 + "é")
    for text in ("<script>" * 4000, "<a" * 16000, "<!--" * 8000, "&#" * 16000 + "<a>", *garbled):
        assert len(clean_text(text).value) <= len(text)
