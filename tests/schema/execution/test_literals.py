"""Literals are taken out of a document exactly where the lexer of graphql-core finds them."""

from itertools import product
from typing import Any

import pytest
from graphql import GraphQLSyntaxError, Lexer, Source, Token, TokenKind, parse, validate
from hypothesis import given
from hypothesis import strategies as st

from schema.errors import DeclinedError
from schema.execution.literals import DocumentText, list_equal_pairs, take_out_literals
from schema.schema import SCHEMA
from tests.linear_text.attacks import Attack
from tests.linear_text.growth_check import describe_superlinear_growth

LITERALS = (TokenKind.STRING, TokenKind.BLOCK_STRING, TokenKind.FLOAT, TokenKind.INT)
PIECES = (
    *("{", "}", "(", ")", "[", "]", ":", "$", "!", "@", "...", "|", "=", "&", ",", " ", "\n", "\r\n", "\t", "\ufeff"),
    *("a", "a1", "$a1", "first", "first:", "limit : ", "last:\n", "e5", "_", "null", "true"),
    *("0", "5", "-1", "12345", "1.5", "-0.25e-3", "1e10", "00", "1.", "-", ".5", "1x", "1..2", "5-", "9" * 4_400),
    *('""', '"a"', '"two words"', '"\\""', '"\\\\"', '"\\u00e9"', '"\\ud83d\\ude00"', '"\\u{1f600}"', '"\\u{0}"', '"\\u{D80}"'),
    *(
        '"\\u{D800}"',
        '"\\u{110000}"',
        '"\\u{000000001}"',
        '"\\u{-5}"',
        '"\\ud83d"',
        '"\\udabc\\udfff"',
        '"\\u{fffff}"',
        '"\\x"',
        '"',
        '"""',
        '"""block"""',
        "\\",
    ),
    *(
        '"""a "quoted" text"""',
        '"""ends with \\""" in it"""',
        '"""\n  two\n  lines\\"""',
        '"#"',
        "#",
        '# a "comment" 5\n',
        "é5",
        "'5'",
    ),
)
SOURCES = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
    st.text(alphabet='"\\#u{}0158D-.eEaf:\n ', max_size=20),
)
FIRST_ORGANIZATIONS = "{ organizations(first: %s) { totalCount } }"


def list_tokens(text: str) -> list[Token] | None:
    """Return the tokens that the lexer of graphql-core finds, or None if it refuses the text."""
    lexer = Lexer(Source(text))
    tokens = []
    try:
        while lexer.advance().kind is not TokenKind.EOF:
            tokens.append(lexer.token)
    except GraphQLSyntaxError:
        return None
    return tokens


def describe_token(token: Token) -> object:
    """Return all of a token that must be the same in the key."""
    if token.kind is TokenKind.BLOCK_STRING:
        return TokenKind.STRING
    return token.kind if token.kind in LITERALS else (token.kind, token.value)


def parse_token(token: Token) -> Any:
    """Return the value of a literal as graphql-core's scalars read it."""
    value = token.value or ""
    return value if token.kind in LITERALS[:2] else (int if token.kind is TokenKind.INT else float)(value)


@pytest.mark.parametrize("first", ["", *PIECES])
def test_the_key_has_the_same_tokens_as_the_text(first: str) -> None:
    for glue, second in product(("", " "), PIECES):
        check_key(first + glue + second)


@given(SOURCES)
def test_the_key_of_any_text_has_the_same_tokens(text: str) -> None:
    check_key(text)


def check_key(text: str) -> None:
    """Check that the lexer finds the same in the text and in its key, or refuses both."""
    document = take_out_literals(text)
    tokens, key_tokens = list_tokens(text), list_tokens(document.key)
    if tokens is None or key_tokens is None:
        assert tokens is key_tokens, text
        return
    assert list(map(describe_token, tokens)) == list(map(describe_token, key_tokens))
    check_literals(document, {token.start: token for token in tokens if token.kind in LITERALS})
    for token, key_token in zip(tokens, key_tokens, strict=True):
        assert document.locate(key_token.start) == (token.line, token.column)
        assert document.locate(document.find_key_offset(token.start)) == (token.line, token.column)
        assert document.find_key_offset(token.end - 1) <= key_token.end - 1
    assert document.find_key_offset(len(text)) == len(document.key)


def check_literals(document: DocumentText, tokens: dict[int, Token]) -> None:
    """Check that all literals were taken out except small integers. `tokens` are the literals by offset."""
    for raw, offset, value in document.literals:
        token = tokens.pop(offset)
        assert raw == document.text[offset : token.end]
        if raw != "-0" and len(raw) < 4_300:
            expected = parse_token(token)
            assert (type(value), value) == (type(expected), expected)
    assert all(token.kind is TokenKind.INT and 0 <= parse_token(token) <= 9_999 for token in tokens.values())


@pytest.mark.parametrize("raw", ["-0", "9" * 4_301])
def test_a_literal_that_graphql_core_has_to_read_has_no_value(raw: str) -> None:
    document = take_out_literals(f'{{ places(query: "a", first: {raw}) {{ name }} }}')
    assert [literal.value for literal in document.literals] == ["a", None]
    with pytest.raises(DeclinedError):
        document.read_values()


def test_page_sizes_stay_in_the_key() -> None:
    text = "{ places(first: 5) { name } organizations(last:20) { map(limit : 9999) { withoutPoint } } }"
    assert take_out_literals(text).key == text
    assert take_out_literals(text).literals == ()


@pytest.mark.parametrize("value", ["-5", "12345", "1.5", '"5"', "1e2"])
def test_other_values_of_page_sizes_are_taken_out(value: str) -> None:
    assert [literal.raw for literal in take_out_literals(FIRST_ORGANIZATIONS % value).literals] == [value]


def test_documents_that_differ_in_literals_share_a_key() -> None:
    text = '{ organizations(query: "%s", filter: {near: {place: {point: {latitude: %s, longitude: %s}}}}) { totalCount } }'
    keys = {take_out_literals(text % values).key for values in [("a", 1.5, -80.25), ("#", 33.0, 2.5), ('\\"', -1e-5, 1.0)]}
    assert len(keys) == 1


EQUAL_FIELDS = """
query A { %s { slug } ...Same }
fragment Same on Query { issueArea(slug: "housing") { slug } ...Filter }
fragment Filter on Query { organizations(filter: {issueAreas: {anyOf: ["a", "a"]}}) { version } }
query B { organizations(filter: {issueAreas: {anyOf: ["b", "a"]}}) { totalCount } region(code: "US") { code } }
"""


def test_literals_of_fields_that_are_merged_must_stay_equal() -> None:
    text = EQUAL_FIELDS % 'issueArea(slug: "housing")'
    document = take_out_literals(text)
    pairs = {frozenset(pair) for pair in list_equal_pairs(parse(text), document.number_literals())}
    # The slugs, and the second terms of the filters. The first terms differ, so those fields are nowhere merged.
    assert pairs == {frozenset((0, 1)), frozenset((3, 5))}


MERGED_FIELDS = """{
  region(code: "%s") { code }
  ... { region(code: "%s") { name } b: region(code: "%s") { name } }
  b: region(code: "%s") { code }
}"""
CODES = st.lists(st.sampled_from(("us", "ga")), min_size=4, max_size=4)


@given(CODES.filter(lambda codes: codes[0] == codes[1] and codes[2] == codes[3]), CODES)
def test_a_text_with_the_key_of_a_valid_one_is_valid_if_the_pairs_are_equal(valid: list[str], codes: list[str]) -> None:
    text = MERGED_FIELDS % tuple(valid)
    pairs = list_equal_pairs(parse(text), take_out_literals(text).number_literals())
    is_valid = not validate(SCHEMA, parse(MERGED_FIELDS % tuple(codes)))
    assert is_valid == all(codes[first] == codes[second] for first, second in pairs)


@pytest.mark.parametrize("unit", [*PIECES, "first ", '""" ', '"\\', '\\"""', '"a', "\\u00e9", '"\\u{', "1.5 ", "-1 ", "1e"])
@pytest.mark.parametrize("head", ["", '"', '"""', "#"])
def test_the_time_is_linear(head: str, unit: str) -> None:
    for tail in ("", "!", '"'):
        attack = Attack(head, unit, tail)
        assert describe_superlinear_growth(take_out_literals, attack) is None, str(attack)
