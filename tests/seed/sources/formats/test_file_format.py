import pytest

from directory.errors import BadInput
from seed.sources.formats.file_format import detect_encoding

TEXT = "name,city\nUnión Ñandú,São Paulo\nCafé “Olé”,Rome\n"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1252"), "cp1252"),
        (b"name\nAc\0me", "utf-8"),
        (b"", "utf-8"),
    ],
)
def test_the_encoding_is_detected(data: bytes, name: str) -> None:
    encoding = detect_encoding(data, "a.csv")
    assert encoding.name == name
    assert data.decode(encoding.name) in (TEXT, "name\nAc\0me", "")


def test_windows_1252_is_shown_in_at_most_three_lines() -> None:
    data = "name\n" + "\r\n".join(f"Café {number},Rome" for number in range(9))
    (note,) = detect_encoding(data.encode("cp1252"), "a.csv").notes
    assert note.endswith("Sample: Café 0,Rome · Café 1,Rome · Café 2,Rome")


def test_a_preview_of_a_long_line_is_short() -> None:
    (note,) = detect_encoding(b"x" * 1_000_000 + b"\xe9" + b"y" * 1_000_000, "a.csv").notes
    assert "xé" in note
    assert len(note) < 300


def test_other_encodings_are_noted_and_utf_8_is_not() -> None:
    assert detect_encoding(TEXT.encode(), "a.csv").notes == ()
    assert detect_encoding(TEXT.encode("utf-16-le"), "a.csv").notes == ("Encoding: UTF-16-LE.",)


def test_a_stated_encoding_is_used_if_it_fits() -> None:
    assert detect_encoding(TEXT.encode("mac_roman", errors="replace"), "a.csv", "mac_roman").name == "mac-roman"
    assert detect_encoding(TEXT.encode("utf-8-sig"), "a.csv", "UTF8").name == "utf-8-sig"


@pytest.mark.parametrize("told", ["klingon", "hex", "rot13", "zlib", "", "utf\0", "x" * 1000])
def test_an_unknown_encoding_is_refused(told: str) -> None:
    with pytest.raises(BadInput, match="Unknown encoding") as refusal:
        detect_encoding(b"name", "a.csv", told)
    assert refusal.value.params == {"argument": "encoding"}
    assert len(refusal.value.user_message) < 150


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"caf\xe9", "utf-8"), (b"\x81", None), (b"\xff\xfea", None), (b"\xef\xbb\xbf\xe9", None), (b"\xe9", "ascii")],
)
def test_a_wrong_encoding_is_rejected(data: bytes, told: str | None) -> None:
    with pytest.raises(BadInput) as refusal:
        detect_encoding(data, "a.csv", told)
    assert refusal.value.params == {"argument": "encoding"}
