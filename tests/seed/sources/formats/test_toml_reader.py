import pytest

from directory.errors import BadInput
from seed.sources.formats.limits import MAX_KEY_PARTS, parse_toml


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 200_000 + " = 1",
        "[" + "a." * MAX_KEY_PARTS + "a]",
        '"a b" . ' * MAX_KEY_PARTS + "c = 1",
        "x = " + "[" * 100_000,
        "x = ",
        "\x00",
    ],
)
def test_an_error_names_the_file(text: str) -> None:
    with pytest.raises(BadInput, match=r"list\.toml"):
        parse_toml(text, "list.toml")


def test_texts_may_hold_dots() -> None:
    text = "www." * MAX_KEY_PARTS + "example.org and a.b.c... " * MAX_KEY_PARTS
    assert parse_toml(f"[a.b.c]\nd = '''{text.replace('www.', '. ')}'''", "list.toml")["a"]["b"]["c"]["d"].endswith("a.b.c... ")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_file_may_have_a_byte_order_mark_and_any_line_ends(line_end: str) -> None:
    content = line_end.join(("\ufeffname = 'Unión'", "kind = 'UNION'")).encode()
    assert parse_toml(content, "list.toml") == {"name": "Unión", "kind": "UNION"}


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(BadInput, match=r"list\.toml is not well-formed TOML"):
        parse_toml("name = 'Unión'".encode("latin-1"), "list.toml")
