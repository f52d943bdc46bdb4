"""The parsed search text: words, quoted phrases, and which of them a record must match."""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.question import WORD_LIMIT
from directory.search.text.analysis import STOP_WORDS, stem_token, tokenize
from directory.search.text.typos import is_one_typo_apart, may_contain_typo

PHRASE_LIMIT = 3  # each is searched for in all texts
MIN_PREFIX_LENGTH = 2  # letters

_QUOTED_PHRASE = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')


class Word(Struct, frozen=True):
    """One unquoted, folded word. With `is_prefix` it also matches longer words, with `allows_typo` words one typo apart."""

    text: str
    is_prefix: bool = False
    allows_typo: bool = False

    def accepts(self, token: str) -> bool:
        """Return whether a folded token matches: equal, with the same English or Spanish stem, by prefix, or one typo apart."""
        return (
            self.text == token
            or (self.is_prefix and token.startswith(self.text))
            or _share_stem(self.text, token)
            or (self.allows_typo and is_one_typo_apart(self.text, token))
        )


def _share_stem(one: str, other: str) -> bool:
    english, spanish = stem_token(one)
    other_english, other_spanish = stem_token(other)
    return english == other_english or spanish == other_spanish


class Phrase(Struct, frozen=True):
    """Quoted words, folded: they must occur next to each other, exactly as typed."""

    words: tuple[str, ...]


class ParsedText(Struct, frozen=True):
    """A search text.

    `runs` are the words between quoted phrases, in order. `required_parts` are the words and phrases that must match, without
    repeats. `folded_text` is the whole text, folded.
    """

    runs: tuple[tuple[Word, ...], ...]
    required_parts: tuple[Word | Phrase, ...]
    folded_text: str

    def with_typos_allowed(self) -> "ParsedText | None":
        """Return the text with one typo allowed in each word that is long enough; None if there is no such word."""
        runs = tuple(tuple(_allow_typo(word) for word in run) for run in self.runs)
        required = tuple(_allow_typo(part) if isinstance(part, Word) else part for part in self.required_parts)
        return ParsedText(runs, required, self.folded_text) if required != self.required_parts else None


def parse_text(text: str) -> ParsedText | None:
    """Parse a search text; None if it has no words. A quotation mark without a closing one is ignored.

    Raises BadInput for more than 32 words or more than 3 quoted phrases.
    """
    parts = [part for part in _split_parts(text) if (part.words if isinstance(part, Phrase) else part)]
    folded = [token for part in parts for token in (part.words if isinstance(part, Phrase) else [word.text for word in part])]
    _check_limits(folded, sum(isinstance(part, Phrase) for part in parts))
    runs = tuple(part for part in parts if not isinstance(part, Phrase))
    if parts and runs and parts[-1] is runs[-1]:
        runs = (*runs[:-1], _mark_last_word_as_prefix(runs[-1]))
    required = _collect_required_parts(runs, [part for part in parts if isinstance(part, Phrase)])
    return ParsedText(runs, required, " ".join(folded)) if folded else None


def _split_parts(text: str) -> Iterator[tuple[Word, ...] | Phrase]:
    end = 0
    for quoted in _QUOTED_PHRASE.finditer(text):
        yield tuple(map(Word, tokenize(text[end : quoted.start()])))
        yield Phrase(tuple(tokenize(quoted[1])))
        end = quoted.end()
    yield tuple(map(Word, tokenize(text[end:])))


def _check_limits(words: list[str], phrases: int) -> None:
    if len(words) > WORD_LIMIT:
        raise BadInput(
            f"A search text can have at most {WORD_LIMIT} words, and this one has {len(words)}. Keep the most important words.",
            argument="query",
        )
    if phrases > PHRASE_LIMIT:
        raise BadInput(
            f"A search text can have at most {PHRASE_LIMIT} quoted phrases, and this one has {phrases}. Remove some quotes.",
            argument="query",
        )


def _mark_last_word_as_prefix(run: tuple[Word, ...]) -> tuple[Word, ...]:
    last = run[-1]
    return (*run[:-1], replace(last, is_prefix=len(last.text) >= MIN_PREFIX_LENGTH))


def _collect_required_parts(runs: tuple[tuple[Word, ...], ...], phrases: list[Phrase]) -> tuple[Word | Phrase, ...]:
    words = [word for run in runs for word in run]
    content_words = [word for word in words if word.text not in STOP_WORDS]
    word_by_text: dict[str, Word] = {}
    for word in content_words or ([] if phrases else words):
        word_by_text.setdefault(word.text, word)  # a whole word comes before the prefix at the end and matches less
    return tuple(dict.fromkeys([*word_by_text.values(), *phrases]))


def _allow_typo(word: Word) -> Word:
    return replace(word, allows_typo=True) if may_contain_typo(word.text) else word
