import pytest

from directory.errors import BadInput
from seed.readers.toml_text import DEPTH, loads


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 200_000 + " = 1",
        "[" + "a." * DEPTH + "a]",
        '"a b" . ' * DEPTH + "c = 1",
        "x = " + "[" * 100_000,
        "x = ",
        "\x00",
    ],
)
def test_what_is_not_read_is_told_with_the_file(text: str) -> None:
    with pytest.raises(BadInput, match=r"list\.toml"):
        loads(text, "list.toml")


def test_texts_may_hold_dots() -> None:
    text = "www." * DEPTH + "example.org and a.b.c... " * DEPTH
    assert loads(f"[a.b.c]\nd = '''{text.replace('www.', '. ')}'''", "list.toml")["a"]["b"]["c"]["d"].endswith("a.b.c... ")
