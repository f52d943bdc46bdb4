"""A search text as it is read: words, quoted phrases, and which of them must match."""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.search.analysis import STOP_WORDS, stems, tokens
from directory.search.typos import forgivable, one_apart

WORD_LIMIT = 32
PHRASE_LIMIT = 3  # each is looked for in all texts
SHORTEST_PREFIX = 2  # letters

_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')


class Word(Struct, frozen=True):
    """One unquoted word, folded. `prefix`: it may be the beginning of a word; `forgiving`: it may hold one typo."""

    text: str
    prefix: bool = False
    forgiving: bool = False

    def accepts(self, token: str) -> bool:
        """Whether a folded token is this word: of the same stem in English or Spanish, begun by it, or one typo apart."""
        return (
            self.text == token
            or (self.prefix and token.startswith(self.text))
            or _share_a_stem(self.text, token)
            or (self.forgiving and one_apart(self.text, token))
        )


def _share_a_stem(one: str, other: str) -> bool:
    english, spanish = stems(one)
    its_english, its_spanish = stems(other)
    return english == its_english or spanish == its_spanish


class Phrase(Struct, frozen=True):
    """Quoted words, folded: they must stand together, as they are typed."""

    words: tuple[str, ...]


class Wording(Struct, frozen=True):
    """`runs` are the words between quoted phrases, in order; `required` what must match, each once; `folded` the whole text."""

    runs: tuple[tuple[Word, ...], ...]
    required: tuple[Word | Phrase, ...]
    folded: str

    def forgiving(self) -> "Wording | None":
        """The same with one typo forgiven in each word that is long enough; None where none is."""
        runs = tuple(tuple(_forgiving(word) for word in run) for run in self.runs)
        required = tuple(_forgiving(part) if isinstance(part, Word) else part for part in self.required)
        return Wording(runs, required, self.folded) if required != self.required else None


def read(text: str) -> Wording | None:
    """The text as it is searched; None when it has no word. A quotation mark without its partner is none.

    Raises BadInput for more than 32 words or more than 3 quoted phrases.
    """
    parts = [part for part in _parts(text) if (part.words if isinstance(part, Phrase) else part)]
    folded = [token for part in parts for token in (part.words if isinstance(part, Phrase) else [word.text for word in part])]
    _refuse_too_much(folded, sum(isinstance(part, Phrase) for part in parts))
    runs = tuple(part for part in parts if not isinstance(part, Phrase))
    if parts and runs and parts[-1] is runs[-1]:
        runs = (*runs[:-1], _with_open_end(runs[-1]))
    required = _required(runs, [part for part in parts if isinstance(part, Phrase)])
    return Wording(runs, required, " ".join(folded)) if folded else None


def _parts(text: str) -> Iterator[tuple[Word, ...] | Phrase]:
    end = 0
    for quoted in _QUOTED.finditer(text):
        yield tuple(map(Word, tokens(text[end : quoted.start()])))
        yield Phrase(tuple(tokens(quoted[1])))
        end = quoted.end()
    yield tuple(map(Word, tokens(text[end:])))


def _refuse_too_much(words: list[str], phrases: int) -> None:
    if len(words) > WORD_LIMIT:
        raise BadInput(
            f"A search text has at most {WORD_LIMIT} words; this one has {len(words)}. Keep the most telling ones.",
            argument="query",
        )
    if phrases > PHRASE_LIMIT:
        raise BadInput(
            f"A search text has at most {PHRASE_LIMIT} quoted phrases; this one has {phrases}. Leave some quotation marks out.",
            argument="query",
        )


def _with_open_end(run: tuple[Word, ...]) -> tuple[Word, ...]:
    last = run[-1]
    return (*run[:-1], replace(last, prefix=len(last.text) >= SHORTEST_PREFIX))


def _required(runs: tuple[tuple[Word, ...], ...], phrases: list[Phrase]) -> tuple[Word | Phrase, ...]:
    words = [word for run in runs for word in run]
    telling = [word for word in words if word.text not in STOP_WORDS]
    once: dict[str, Word] = {}
    for word in telling or ([] if phrases else words):
        once.setdefault(word.text, word)  # the first: a whole word asks for more than the beginning of one, at the end
    return tuple(dict.fromkeys([*once.values(), *phrases]))


def _forgiving(word: Word) -> Word:
    return replace(word, forgiving=True) if forgivable(word.text) else word
