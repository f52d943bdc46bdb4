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
