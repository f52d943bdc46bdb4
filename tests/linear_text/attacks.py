"""Derive attacks from a pattern: long runs of texts that each repeat accepts, followed by a text that fails."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, product
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

UNBOUNDED = 20  # repetitions; repeats with a smaller limit only multiply the work by a constant
PUMPS = 6  # accepted texts to try for one repeat
SAMPLES = 3  # texts that represent one part of a pattern
USUAL = 'a1 A-.,/\n\t@_é!"(<&:;\0'
FAILURES = ("", "\0", "!", "\n", "a")
REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
LOOKAROUNDS = (_constants.ASSERT, _constants.ASSERT_NOT)


class Attack(NamedTuple):
    """Builds a text of a given size: `head`, then `unit` as often as it fits, then `tail`."""

    head: str
    unit: str
    tail: str

    def __call__(self, size: int) -> str:
        return self.head + self.unit * max(1, size // len(self.unit)) + self.tail

    def __str__(self) -> str:
        return f"{self.head!r} + {self.unit!r} * n + {self.tail!r}"


class Repeat(NamedTuple):
    """A repeat of a pattern: texts that lead to it, texts it accepts once, and texts that finish the match after it."""

    before: list[str]
    accepted_texts: list[str]
    after: list[str]


def derive_attacks(pattern: re.Pattern[Any]) -> list[Attack]:
    """Return the attacks on a pattern. For a pattern of bytes, encode their texts as Latin-1."""
    return list(dict.fromkeys(_combine_repeats(find_repeats(pattern))))


def find_repeats(pattern: re.Pattern[Any]) -> list[Repeat]:
    """Return every repeat without a small limit, including nested ones, in the order of the pattern."""
    source = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    return list(_PatternWalker(source, flags).find_repeats())


def _combine_repeats(repeats: Sequence[Repeat]) -> Iterator[Attack]:
    for repeat in repeats:
        for pump in repeat.accepted_texts:
            for tail in (*FAILURES, *(f"{after}{failure}" for after in repeat.after for failure in ("", "\0"))):
                yield Attack("", pump, tail)
                for before in repeat.before:
                    yield Attack(before, pump, tail)
                    yield Attack("", before + pump, tail)
                    yield Attack("", before or pump, tail)
    for left, right in pairwise(repeats):
        for first, second in product(left.accepted_texts[:SAMPLES], right.accepted_texts[:SAMPLES]):
            for tail, before in product(FAILURES, ["", *left.before]):
                yield Attack(before, first + second, tail)


class _PatternWalker:
    """Walks the parse tree of one pattern."""

    def __init__(self, source: str, flags: int) -> None:
        self.flags = flags
        self.tree = _parser.parse(source, flags)
        literals = {chr(code) for code in _list_literals(self.tree)}
        self.alphabet = sorted(literals | {letter.swapcase() for letter in literals if len(letter.swapcase()) == 1}) + list(USUAL)

    def find_repeats(self) -> Iterator[Repeat]:
        yield from self._find_in_sequence(list(self.tree), [""], [""])

    def _find_in_sequence(self, items: list[Any], before: list[str], after: list[str]) -> Iterator[Repeat]:
        for position, item in enumerate(items):
            texts_after = _join_texts(self._sample_sequence(items[position + 1 :]), after)
            yield from self._find_in_item(item, before, texts_after)
            before = _join_texts(before, self._sample_sequence([item]))

    def _find_in_item(self, item: Any, before: list[str], after: list[str]) -> Iterator[Repeat]:
        operation, argument = item
        if operation in REPEATS:
            _, most, body = argument
            if most > UNBOUNDED:
                yield Repeat(before, self._list_accepted(body), after)
            yield from self._find_in_sequence(list(body), before, after)
        else:
            for sequence in _list_sequences(operation, argument):
                yield from self._find_in_sequence(list(sequence), before, after)

    def _list_accepted(self, body: Any) -> list[str]:
        """Return characters that the body accepts, those of the pattern first, and samples of the body."""
        letters = [letter for letter in dict.fromkeys(self.alphabet) if self._accepts(body, letter)]
        spread = letters[:2] + letters[-2:] + [letter for letter in letters if letter in USUAL]
        samples = [sample for sample in self._sample_sequence(list(body)) if sample]
        return list(dict.fromkeys([*spread, *samples]))[: PUMPS + SAMPLES]

    def _accepts(self, items: Any, text: str) -> bool:
        part = _parser.SubPattern(self.tree.state, list(items))
        return _compiler.compile(part, self.flags).fullmatch(text) is not None

    def _sample_sequence(self, items: list[Any]) -> list[str]:
        """Return a few texts that the sequence accepts, ignoring lookarounds."""
        samples = [""]
        for item in items:
            samples = _join_texts(samples, self._sample_item(item))
        return samples

    def _sample_item(self, item: Any) -> list[str]:
        operation, argument = item
        if operation in REPEATS:
            least, _, body = argument
            once = self._sample_sequence(list(body))
            return _take_few(sample * max(least, number) for number in (least, 1) for sample in once)
        if operation is _constants.AT or operation in LOOKAROUNDS:
            return [""]
        inner = list(_list_sequences(operation, argument))
        if inner:
            return _take_few(sample for sequence in inner for sample in self._sample_sequence(list(sequence)))
        if operation is _constants.LITERAL:
            return [chr(argument)]
        return _take_few(letter for letter in self.alphabet if self._accepts([item], letter)) or [""]


def _list_sequences(operation: Any, argument: Any) -> Iterator[Any]:
    """Yield the sequences directly inside an item that is not a repeat."""
    if operation is _constants.SUBPATTERN:
        yield argument[3]
    elif operation is _constants.ATOMIC_GROUP:
        yield argument
    elif operation in LOOKAROUNDS:
        yield argument[1]
    elif operation is _constants.BRANCH:
        yield from argument[1]
    elif operation is _constants.GROUPREF_EXISTS:
        yield from (part for part in argument[1:] if part)


def _list_literals(items: Any) -> Iterator[int]:
    for operation, argument in items:
        if operation in (_constants.LITERAL, _constants.NOT_LITERAL):
            yield argument
        elif operation is _constants.RANGE:
            yield from argument
        elif operation is _constants.IN:
            yield from _list_literals(argument)
        elif operation in REPEATS:
            yield from _list_literals(argument[2])
        else:
            for sequence in _list_sequences(operation, argument):
                yield from _list_literals(sequence)


def _join_texts(starts: list[str], ends: list[str]) -> list[str]:
    return _take_few(start + end for start, end in product(starts, ends))


def _take_few(texts: Iterator[str]) -> list[str]:
    return list(islice(dict.fromkeys(texts), SAMPLES))
