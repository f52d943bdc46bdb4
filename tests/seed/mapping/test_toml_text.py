import datetime as dt
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from seed.mapping.toml_text import TomlValue, format_toml, quote_toml

UGLY = [
    'a "b" c',
    "back\\slash",
    "tab\tnew\nline\r",
    "",
    " ",
    "#",
    "[x]",
    "a=b",
    "a.b",
    "\x00\x1f\x7f",
    "🏠 ñ",
    "'''",
    '"""',
    "\u2028",
]


def test_ugly_keys_and_values_come_back() -> None:
    text = format_toml({"title": UGLY[0], "ignore": UGLY}, {"columns": {key: key for key in UGLY}})
    assert tomllib.loads(text) == {"title": UGLY[0], "ignore": UGLY, "columns": {key: key for key in UGLY}}


def test_every_shape_comes_back() -> None:
    values: dict[str, TomlValue] = {
        "header": True,
        "number": 7,
        "date": dt.date(2024, 5, 6),
        "none": [],
        "ignore": ["a" * 60, "b" * 60],
    }
    rule: TomlValue = {"field": "tags", "split": '"'}
    text = format_toml(values, {"columns": {"Tags": rule}, "terms": {}}, ["A comment", ""])
    assert tomllib.loads(text) == {**values, "columns": {"Tags": rule}}
    assert text.startswith("# A comment\n#\n")
    assert "[terms]" not in text


@given(st.dictionaries(st.text(), st.text()))
def test_any_text_comes_back(table: dict[str, str]) -> None:
    assert tomllib.loads(format_toml({}, {"columns": table})).get("columns", {}) == table


def test_a_lone_surrogate_does_not_break_the_file() -> None:
    written = quote_toml("x\ud800y").encode()
    assert tomllib.loads(f"a = {written.decode()}")["a"] == "x\ufffdy"
