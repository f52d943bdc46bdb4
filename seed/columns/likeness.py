"""Headings that are spelled much like a known phrase, or that hold one among other words."""

from collections.abc import Iterable

from msgspec import Struct
from rapidfuzz import fuzz, process

from directory.text import fold
from seed.columns.headings import vocabulary, without

ALIKE = 84  # rapidfuzz's token_sort_ratio, 0 to 100, from which two phrases are one with a slip of the pen
WORDS_ALIKE = 70  # rapidfuzz's ratio of each word, where both have as many
CLEARLY = 4  # points by which the likest field must lead another one
SHORTEST = 5  # letters; shorter words differ by one letter too often
LONGEST = 60  # letters of a heading that is compared
MISSPELT = 0.9  # confidence of a phrase that is spelled the same but for a slip; less by the likeness
AMONG_OTHERS = 0.5  # confidence of a phrase among many other words; more by its share of the words
BY_SHARE = 0.4
MOST_OTHERS = 3  # words beside a phrase; more than these make another thing of it


class Likeness(Struct, frozen=True):
    """`is_whole`: the whole heading is the phrase misspelt, rather than holding it among other words."""

    field: str
    phrase: str
    confidence: float
    is_whole: bool


def like(heading: str) -> Likeness | None:
    """The one field with a phrase like the folded heading, None when there is none or several are as near."""
    return _misspelt(heading) or _held(heading)


def _misspelt(heading: str) -> Likeness | None:
    if not SHORTEST <= len(heading) <= LONGEST:
        return None
    known = vocabulary()
    near = process.extract(heading, list(known.fields), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE - CLEARLY, limit=None)
    sound = [(score, phrase) for phrase, score, _ in near if _is_sound(heading, phrase)]
    best = sorted(((score, phrase, known.fields[phrase]) for score, phrase in sound), key=lambda found: (-found[0], found[1]))
    if not best or best[0][0] < ALIKE:
        return None
    rivals = {fields for score, _, fields in best if score > best[0][0] - CLEARLY}
    score, phrase, fields = best[0]
    return Likeness(fields[0], phrase, MISSPELT * score / 100, is_whole=True) if rivals == {fields} and len(fields) == 1 else None


def _is_sound(heading: str, phrase: str) -> bool:
    """Whether the two could be one: no word that turns the meaning, no word that is another one altogether."""
    words = zip(sorted(heading.split()), sorted(phrase.split()), strict=False)
    if len(heading.split()) == len(phrase.split()):
        same_words = all(fuzz.ratio(*pair) >= WORDS_ALIKE for pair in words)
    else:
        same_words = fuzz.ratio(heading.replace(" ", ""), phrase.replace(" ", "")) >= ALIKE
    return len(phrase) >= SHORTEST and not _turned(heading, phrase) and same_words


def _held(heading: str) -> Likeness | None:
    """The longest phrase whose words are all there, beside few others, none of which turns the meaning."""
    known = vocabulary()
    said = without(heading, known.fillers)
    words = frozenset(said.split())
    inside = [phrase for phrase in known.fields if words.issuperset(phrase.split()) and known.turning.isdisjoint(words)]
    longest = max((len(phrase.split()) for phrase in inside), default=0)
    fields = {known.fields[phrase] for phrase in inside if len(phrase.split()) == longest}
    if not longest or len(words) - longest > MOST_OTHERS or len(fields) != 1 or len(next(iter(fields))) != 1:
        return None
    phrase = min(phrase for phrase in inside if len(phrase.split()) == longest)
    return Likeness(next(iter(fields))[0], phrase, AMONG_OTHERS + BY_SHARE * longest / len(words), is_whole=False)


def _turned(heading: str, phrase: str) -> bool:
    """Whether a word beside the phrase changes what the phrase means."""
    beside: Iterable[str] = set(heading.split()) - set(phrase.split())
    return not vocabulary().turning.isdisjoint(fold(word) for word in beside)
