"""Headings that are spelled much like a known phrase, or that hold one among other words."""

from collections.abc import Iterable

from msgspec import Struct
from rapidfuzz import fuzz, process

from directory.text import fold
from seed.columns.headings import load_heading_vocabulary, remove_words

MIN_PHRASE_RATIO = 84  # rapidfuzz's token_sort_ratio, 0 to 100, from which two phrases are one with a slip of the pen
MIN_WORD_RATIO = 70  # rapidfuzz's ratio of each word, where both have as many
MIN_LEAD = 4  # points by which the likest field must lead another one
MIN_LENGTH = 5  # letters; shorter words differ by one letter too often
MAX_COMPARED_LENGTH = 60  # letters of a heading that is compared
MISSPELLED_CONFIDENCE = 0.9  # confidence of a phrase that is spelled the same but for a slip; less by the likeness
CONTAINED_CONFIDENCE = 0.5  # confidence of a phrase among many other words; more by its share of the words
CONTAINED_SHARE_WEIGHT = 0.4
MAX_OTHER_WORDS = 3  # words beside a phrase; more than these make another thing of it


class SimilarPhrase(Struct, frozen=True):
    """`is_whole`: the whole heading is the phrase misspelt, rather than holding it among other words."""

    field: str
    phrase: str
    confidence: float
    is_whole: bool


def find_similar_phrase(heading: str) -> SimilarPhrase | None:
    """The one field with a phrase like the folded heading, None when there is none or several are as near."""
    return _find_misspelled_phrase(heading) or _find_contained_phrase(heading)


def _find_misspelled_phrase(heading: str) -> SimilarPhrase | None:
    if not MIN_LENGTH <= len(heading) <= MAX_COMPARED_LENGTH:
        return None
    known = load_heading_vocabulary()
    near = process.extract(
        heading, list(known.fields), scorer=fuzz.token_sort_ratio, score_cutoff=MIN_PHRASE_RATIO - MIN_LEAD, limit=None
    )
    sound = [(score, phrase) for phrase, score, _ in near if _is_plausible_misspelling(heading, phrase)]
    best = sorted(((score, phrase, known.fields[phrase]) for score, phrase in sound), key=lambda found: (-found[0], found[1]))
    if not best or best[0][0] < MIN_PHRASE_RATIO:
        return None
    rivals = {fields for score, _, fields in best if score > best[0][0] - MIN_LEAD}
    score, phrase, fields = best[0]
    return (
        SimilarPhrase(fields[0], phrase, MISSPELLED_CONFIDENCE * score / 100, is_whole=True)
        if rivals == {fields} and len(fields) == 1
        else None
    )


def _is_plausible_misspelling(heading: str, phrase: str) -> bool:
    """Whether the two could be one: no word that turns the meaning, no word that is another one altogether."""
    words = zip(sorted(heading.split()), sorted(phrase.split()), strict=False)
    if len(heading.split()) == len(phrase.split()):
        same_words = all(fuzz.ratio(*pair) >= MIN_WORD_RATIO for pair in words)
    else:
        same_words = fuzz.ratio(heading.replace(" ", ""), phrase.replace(" ", "")) >= MIN_PHRASE_RATIO
    return len(phrase) >= MIN_LENGTH and not _has_turning_word(heading, phrase) and same_words


def _find_contained_phrase(heading: str) -> SimilarPhrase | None:
    """The longest phrase whose words are all there, beside few others, none of which turns the meaning."""
    known = load_heading_vocabulary()
    said = remove_words(heading, known.filler_words)
    words = frozenset(said.split())
    inside = [phrase for phrase in known.fields if words.issuperset(phrase.split()) and known.turning_words.isdisjoint(words)]
    longest = max((len(phrase.split()) for phrase in inside), default=0)
    fields = {known.fields[phrase] for phrase in inside if len(phrase.split()) == longest}
    if not longest or len(words) - longest > MAX_OTHER_WORDS or len(fields) != 1 or len(next(iter(fields))) != 1:
        return None
    phrase = min(phrase for phrase in inside if len(phrase.split()) == longest)
    return SimilarPhrase(
        next(iter(fields))[0], phrase, CONTAINED_CONFIDENCE + CONTAINED_SHARE_WEIGHT * longest / len(words), is_whole=False
    )


def _has_turning_word(heading: str, phrase: str) -> bool:
    """Whether a word beside the phrase changes what the phrase means."""
    beside: Iterable[str] = set(heading.split()) - set(phrase.split())
    return not load_heading_vocabulary().turning_words.isdisjoint(fold(word) for word in beside)
