"""Nothing that reads a text from outside takes more than linear time: doubling a text never takes more than three times as long.

Every regular expression of the packages is collected, and attacked with texts that are derived from it; so is every function
that parses a text. The planted patterns at the end show that the attacks find what they have to find.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import phonenumbers
import pytest
import usaddress

from directory.drafts import normalize
from directory.errors import DirectoryError
from seed.clean.values import addresses
from tests.linear_text import patterns
from tests.linear_text.attacks import Attack, derive_attacks
from tests.linear_text.growth_check import MIN_LENGTH, Work, describe_superlinear_growth
from tests.linear_text.patterns import UsedPattern, collect_patterns
from tests.linear_text.text_parsers import clear_caches, collect_parsers

USED, BUILT = collect_patterns()
PARSERS = collect_parsers()
# Put together in a function, so that it cannot be seen there; it is collected from where it is kept.
KNOWN_BUILT = {"seed/clean/values/contact_points.py": "_us_numbers"}
OLD_PO_BOX = r"\b(?:p\.?\s*o\.?\s*|post\s+office\s+)(?:box|bx)\s*#?\s*(\w+)"
PLANTED = {
    "two repeats beside each other": r"a\s*,?\s*b",
    "a repeat that may begin anywhere": r"\s+$",
    "a repeat within a repeat": r"(?:\w+-?)+!",
    "an opening that is looked for again and again": r"<[^>]*>x",
    "a lookahead to the end": r"\d(?=.*;)",
    "alternatives that overlap": r"(?:a|ab|b)*c",
    "a lazy repeat between others": r'"?([^"]*?)"?\s*<x',
}
LINEAR = (
    r"[a-z0-9]+(?:-[a-z0-9]+)*+",
    r"(?<!\s)\s++$",
    r"(?:(?<!\s)\s+)?[,;]\s*",
    r"\b(?:p\.?\s*+o\.?\s*+)(?:box|bx)",
    r"(?:a|b|c)+d?",
    r"<[^<>]{0,20}>",
    r"[^\s@]@[\w-]++\.",
)
# The library behind it is slower than linear; a longer text never reaches it.
LIMITED = {"seed.clean.values.addresses.parse_address": addresses.MAX_LENGTH}
UNITS = (
    *"a1 \n,;.-_/()<>\"'@&#é的\u0301\u200bA\\[{",
    *(
        "a ",
        "1 ",
        "a,",
        "a, ",
        "a;",
        "a-",
        "a.",
        "A.",
        "1.",
        "1,",
        "1:",
        "1-",
        "x1",
        "aA",
        "+1",
        "[1,",
        '{"a":',
        "a=b&",
        "a.b=1\n",
    ),
    *("(a)", "<a>", '"a" ', "a@", "a@a.com ", "http://", "http://a ", "www.a.org ", "&amp;", "%41", "555-0100 ", "ext1 "),
    *("1 St ", "123 Main St, ", "PO Box 1 ", "no. ", "co ", "county ", "Atlanta ", "Atlanta, GA, ", "New York ", "30303 "),
    *("and ", "of the ", "near ", "in ", "housing ", "women ", "Jan 1 ", "1/1/", "DBA A "),
)


def used(pattern: re.Pattern[Any], mode: str) -> Work:
    """The pattern in one mode, as work on a text."""
    run: Callable[..., Any] = getattr(pattern, mode)
    if isinstance(pattern.pattern, bytes):
        return lambda text: _of_bytes(run, mode, text.encode("latin-1", "replace"))
    return (lambda text: run("", text)) if mode == "sub" else run


def _of_bytes(run: Callable[..., Any], mode: str, text: bytes) -> object:
    return run(b"", text) if mode == "sub" else run(text)


def growth(pattern: re.Pattern[Any], modes: tuple[str, ...]) -> str | None:
    """How the first attack that succeeds makes the time grow; None where none succeeds."""
    for mode in modes:
        work = used(pattern, mode)
        for attack in derive_attacks(pattern):
            grown = describe_superlinear_growth(work, attack)
            if grown:
                return f"{mode} of {attack}: {grown}"
    return None


@pytest.mark.slow
@pytest.mark.parametrize("one", USED, ids=[one.place for one in USED])
def test_every_pattern_is_linear(one: UsedPattern) -> None:
    assert growth(one.pattern, one.modes) is None


def test_every_pattern_is_collected() -> None:
    assert {place.rpartition(":")[0] for place in BUILT} == set(KNOWN_BUILT)
    assert len(USED) > 200


@pytest.mark.slow
@pytest.mark.parametrize("name", PARSERS)
def test_every_parser_of_text_is_linear(name: str) -> None:
    work = _accepting_refusals(PARSERS[name])
    shortest = 2 * LIMITED[name] if name in LIMITED else MIN_LENGTH
    for unit in UNITS:
        for tail in ("", "!"):
            attack = Attack("", unit, tail)
            assert describe_superlinear_growth(work, attack, shortest, clear_caches) is None, str(attack)


@pytest.mark.parametrize(
    ("module", "function", "parser", "longest"),
    [
        (usaddress, "tag", "seed.clean.values.addresses.parse_address", addresses.MAX_LENGTH),
        (phonenumbers, "parse", "directory.drafts.normalize.normalize_phone", normalize.PHONE_LIMIT),
        (normalize, "validate_email", "directory.drafts.normalize.normalize_email", normalize.EMAIL_LIMIT),
    ],
)
def test_no_longer_text_reaches_a_library(
    module: Any, function: str, parser: str, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    called = getattr(module, function)

    def noted(text: str, *rest: Any, **more: Any) -> Any:
        read.append(len(text))
        return called(text, *rest, **more)

    monkeypatch.setattr(module, function, noted)
    work = _accepting_refusals(PARSERS[parser])
    for length in (longest, longest + 1, 10_000):
        work("1" * (length - 2) + "@1")
    assert read == [longest]


def _accepting_refusals(parse: Work) -> Work:
    def work(text: str) -> None:
        with suppress(DirectoryError, ValueError):  # a refusal is as good an answer as any
            parse(text)

    return work


@pytest.mark.parametrize("pattern", [*PLANTED.values(), OLD_PO_BOX], ids=[*PLANTED, "the old PO box"])
@pytest.mark.parametrize("mode", ["search", "sub"])
def test_planted_patterns_are_caught(pattern: str, mode: str) -> None:
    assert growth(re.compile(pattern, re.IGNORECASE), (mode,))


@pytest.mark.parametrize("pattern", LINEAR)
def test_linear_patterns_are_not_caught(pattern: str) -> None:
    assert growth(re.compile(pattern), patterns.MODES) is None


def test_planted_parsers_are_caught() -> None:
    def rescanning(text: str) -> int:
        return sum(len(set(text[position:])) for position in range(len(text)))

    assert describe_superlinear_growth(rescanning, Attack("", "a", ""))
    assert not describe_superlinear_growth(len, Attack("", "a", ""))
