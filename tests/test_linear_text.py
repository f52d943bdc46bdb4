"""Code that reads external text takes linear time: doubling a text at most triples the time.

Every regular expression of the packages is attacked with texts derived from it, and so is every function that parses text. The
known bad patterns at the end show that the attacks work.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import email_validator
import phonenumbers
import pytest
import usaddress

from directory.drafts import normalize
from directory.errors import DirectoryError
from seed.clean.values import addresses
from tests.linear_text import growth_check, patterns
from tests.linear_text.attacks import Attack, derive_attacks
from tests.linear_text.growth_check import MIN_LENGTH, Work, describe_superlinear_growth
from tests.linear_text.patterns import UsedPattern, collect_patterns
from tests.linear_text.text_parsers import clear_caches, collect_parsers

PATTERNS, UNEVALUATED = collect_patterns()
PARSERS = collect_parsers()
# Built in a function, so it cannot be evaluated there; it is collected from the constant that holds it.
KNOWN_UNEVALUATED = {"directory/drafts/normalize.py": "_US_NUMBER of seed/clean/values/telephones.py"}
OLD_PO_BOX = r"\b(?:p\.?\s*o\.?\s*|post\s+office\s+)(?:box|bx)\s*#?\s*(\w+)"
BAD_PATTERNS = {
    "two adjacent repeats": r"a\s*,?\s*b",
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
# Its library is slower than linear, but longer texts never reach it.
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


def build_work(pattern: re.Pattern[Any], mode: str) -> Work:
    """Return a function that applies the pattern to a text in one mode."""
    run: Callable[..., Any] = getattr(pattern, mode)
    if isinstance(pattern.pattern, bytes):
        return lambda text: _run_on_bytes(run, mode, text.encode("latin-1", "replace"))
    return (lambda text: run("", text)) if mode == "sub" else run


def _run_on_bytes(run: Callable[..., Any], mode: str, text: bytes) -> object:
    return run(b"", text) if mode == "sub" else run(text)


def describe_growth(pattern: re.Pattern[Any], modes: tuple[str, ...]) -> str | None:
    """Describe the growth caused by the first successful attack, or return None if there is none."""
    for mode in modes:
        work = build_work(pattern, mode)
        for attack in derive_attacks(pattern):
            growth = describe_superlinear_growth(work, attack)
            if growth:
                return f"{mode} of {attack}: {growth}"
    return None


@pytest.mark.slow
@pytest.mark.parametrize("used_pattern", PATTERNS, ids=[used_pattern.place for used_pattern in PATTERNS])
def test_every_pattern_is_linear(used_pattern: UsedPattern) -> None:
    assert describe_growth(used_pattern.pattern, used_pattern.modes) is None


def test_every_pattern_is_collected() -> None:
    assert {place.rpartition(":")[0] for place in UNEVALUATED} == set(KNOWN_UNEVALUATED)
    assert len(PATTERNS) > 200


@pytest.mark.slow
@pytest.mark.parametrize("name", PARSERS)
def test_every_parser_of_text_is_linear(name: str) -> None:
    work = _ignore_refusals(PARSERS[name])
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
        (email_validator, "validate_email", "directory.drafts.normalize.normalize_email", normalize.EMAIL_LIMIT),
    ],
)
def test_longer_texts_do_not_reach_a_library(
    module: Any, function: str, parser: str, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []
    original = getattr(module, function)

    def record_length(text: str, *arguments: Any, **options: Any) -> Any:
        lengths.append(len(text))
        return original(text, *arguments, **options)

    monkeypatch.setattr(module, function, record_length)
    work = _ignore_refusals(PARSERS[parser])
    for length in (longest, longest + 1, 10_000):
        work("1" * (length - 2) + "@1")
    assert lengths == [longest]


def _ignore_refusals(parse: Work) -> Work:
    def work(text: str) -> None:
        with suppress(DirectoryError, ValueError):  # refusing the text is fine
            parse(text)

    return work


@pytest.mark.parametrize("pattern", [*BAD_PATTERNS.values(), OLD_PO_BOX], ids=[*BAD_PATTERNS, "the old PO box"])
@pytest.mark.parametrize("mode", ["search", "sub"])
def test_bad_patterns_are_detected(pattern: str, mode: str) -> None:
    assert describe_growth(re.compile(pattern, re.IGNORECASE), (mode,))


@pytest.mark.parametrize("pattern", LINEAR)
def test_linear_patterns_are_not_detected(pattern: str) -> None:
    assert describe_growth(re.compile(pattern), patterns.MODES) is None


def test_bad_parsers_are_detected() -> None:
    def rescan(text: str) -> int:
        return sum(len(set(text[position:])) for position in range(len(text)))

    assert describe_superlinear_growth(rescan, Attack("", "a", ""))
    assert not describe_superlinear_growth(len, Attack("", "a", ""))


def test_work_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exponential work can jump from fast to endless between two sizes."""
    monkeypatch.setattr(growth_check, "LIMIT_SECONDS", 0.2)
    endless = re.compile(r"(?:a+)+b").match
    growth = describe_superlinear_growth(endless, Attack("", "a", ""), shortest=64)
    assert growth == "64 characters not finished after 0.2 s"
    assert not describe_superlinear_growth(endless, Attack("", "b", ""), shortest=64)
