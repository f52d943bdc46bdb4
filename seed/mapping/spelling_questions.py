"""The questions about values of a column that may be spellings of one value: "Savannah", "SAVANNAH," and "Savanah".

A person decides each; nothing is automatic. Spellings are found by two methods, as in OpenRefine
(https://openrefine.org/docs/technical-reference/clustering-in-depth):

- *Key collision.* Values with the same fingerprint are spellings of one value. The fingerprint is the set of their words, in
  alphabetical order, without case, accents and punctuation.
- *Nearest neighbor.* Values whose optimal string alignment distance (Levenshtein's, with exchanged neighbors as one edit) is at
  most 1, or 2 for long values, may be spellings of one value.

Comparing every pair would be quadratic, so pairs are found by the rarest n-grams of each value (prefix filtering: Xiao, Wang and
Lin, "Ed-Join: an efficient algorithm for similarity joins with edit distance constraints", PVLDB 2008). Very common n-grams are
cut off at MAX_BLOCK_SIZE values, so the number of comparisons is linear in the number of values, whatever they are.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.export.flat_fields import FieldKind, find_field_kind
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.clean.values.service_areas import find_region
from seed.clean.values.terms import find_term
from seed.mapping.cell_splitting import CellSplitter, build_splitter
from seed.mapping.column_mapping import fold_value
from seed.mapping.headings import strip_field_number
from seed.mapping.profile import Profile
from seed.mapping.questions import MAX_QUESTIONS, SpellingQuestion
from seed.mapping.value_patterns import ValueTest, is_choice, is_city, is_country, is_state, understands_choice
from seed.rows import Row

MAX_CELL_LENGTH = 2_000  # characters; a longer cell is prose, not a list of values

_FREE_TEXT_FIELDS = ("location.city", "contact.role")  # other texts are names, addresses and prose
_CASE_MATTERS = "contact.role"  # cleaning does not repair its capital letters
MAX_DISTINCT_VALUES = 10_000  # of a column; the rarest of more are not compared
MAX_VALUE_LENGTH = 100  # characters; a longer text is prose
MIN_NEIGHBOR_LENGTH = 5  # characters of a folded value; shorter ones differ too often by one letter
LONG_LENGTH = 9  # characters of a folded value from which it may differ by MAX_EDITS
MAX_EDITS = 2
MAX_BLOCK_SIZE = 64  # values with one n-gram that a value is compared with
GRAM_LENGTH = 2
_EDITED_GRAMS = GRAM_LENGTH + 1  # n-grams that one edit changes at most, which is an exchange of neighbors
_DIGITS = re.compile(r"\d+")

Comparison = Callable[[str, Sequence[str], int], Iterable[tuple[int, int]]]


def list_spelling_questions(rows: Iterable[Row], profile: Profile) -> list[SpellingQuestion]:
    """Return a question for each cluster of spellings, by column, those of the most rows first; at most MAX_QUESTIONS.

    Only columns of places, tags, areas, choices and roles are compared: never names of organizations or people, addresses and
    identifiers. Spellings that the profile maps, that the import understands, or that differ only in what cleaning repairs
    anyway, are not asked for.
    """
    meanings = profile.meanings
    questions: list[SpellingQuestion] = []
    for (field, heading), counts in _count_values(rows, profile, meanings).items():
        is_known, decided = _build_known_test(field), meanings.get(field, {})
        for cluster in find_clusters(counts, is_known):
            open_spellings = [text for text, _ in cluster.spellings if fold_value(text) not in decided and not is_known(text)]
            if _needs_decision(field, cluster.suggestion, open_spellings, is_known):
                questions.append(SpellingQuestion(field=field, heading=heading, spellings=cluster.spellings))
    return questions[:MAX_QUESTIONS]


def _count_values(
    rows: Iterable[Row], profile: Profile, meanings: Mapping[str, Mapping[str, str]]
) -> Mapping[tuple[str, str], Counter[str]]:
    """Count the rows with each value, as the profile reads it, by field and heading."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    splitters: dict[tuple[str, str], CellSplitter | None] = {}
    for row in rows:
        for column in _list_columns(row, profile):
            field, heading = column
            if column not in splitters:
                splitters[column] = _build_splitter(field, heading, profile)
            split, cell = splitters[column], row.cells.get(heading, "").strip()
            if cell and len(cell) <= MAX_CELL_LENGTH:
                read = meanings.get(field, {})
                values = {read.get(fold_value(text), text) for text in (split(cell) if split else (cell,))}
                counts.setdefault(column, Counter()).update(filter(None, values))
    return counts


def _list_columns(row: Row, profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield the field, without its number, and the heading of each column whose values are compared."""
    stated = {heading: rule.field for heading, rule in profile.columns.items()}
    for heading, field in {**{heading: field for field, heading in row.columns.items()}, **stated}.items():
        if _is_compared(strip_field_number(field)):
            yield strip_field_number(field), heading


def _is_compared(field: str) -> bool:
    compared_kinds = (FieldKind.TERMS, FieldKind.REGIONS, FieldKind.STATE, FieldKind.COUNTY, FieldKind.COUNTRY)
    return field in _FREE_TEXT_FIELDS or is_choice(field) or find_field_kind(field) in compared_kinds


def _build_splitter(field: str, heading: str, profile: Profile) -> CellSplitter | None:
    rule = profile.columns.get(heading)
    labels = (tag for tag in profile.terms if "," in tag)
    return build_splitter(field, rule.split if rule else None, labels)


def _needs_decision(field: str, suggestion: str, open_spellings: Iterable[str], is_known: ValueTest) -> bool:
    """Whether a spelling without a decision differs from the suggestion in more than cleaning repairs.

    The meaning of a choice must be one of the choices, so without one among the spellings, each is asked for by itself.
    """
    if is_choice(field) and not is_known(suggestion):
        return False
    return any(_simplify(field, text) != _simplify(field, suggestion) for text in open_spellings)


def _simplify(field: str, text: str) -> str:
    words = " ".join(text.split())
    return words if field == _CASE_MATTERS else words.casefold()


def _build_known_test(field: str) -> ValueTest:
    """Return a test for values of the field that the import understands."""
    kind = find_field_kind(field)
    if is_choice(field):
        return lambda text: understands_choice(field, text)
    if kind is FieldKind.TERMS:
        vocabulary = "languages" if field == "contact.languages" else field
        return lambda text: not find_term(text, vocabulary).is_unknown
    tests: Mapping[FieldKind | None, ValueTest] = {
        FieldKind.REGIONS: lambda text: not find_region(text, None).is_unknown,
        FieldKind.STATE: is_state,
        FieldKind.COUNTRY: is_country,
        FieldKind.COUNTY: _is_county,
    }
    return tests.get(kind, is_city if field == "location.city" else lambda text: False)


def _is_county(text: str) -> bool:
    return any(region.kind is RegionKind.COUNTY for name in (text, f"{text} County") for region in REGIONS.find(name))


class ValueCluster(Struct, frozen=True):
    """Spellings that may be of one value, the suggested one first, then the most frequent; each with its number of rows."""

    spellings: tuple[tuple[str, int], ...]

    @property
    def suggestion(self) -> str:
        return self.spellings[0][0]

    @property
    def count(self) -> int:
        return sum(count for _, count in self.spellings)


class _Group(Struct, frozen=True):
    """Spellings with one fingerprint. `key` is the folded form of the first, `is_known` whether that is a known value."""

    spellings: tuple[tuple[str, int], ...]
    key: str
    is_known: bool

    @property
    def rank(self) -> tuple[bool, int, str]:
        """What sorts known values first, then the most frequent."""
        return not self.is_known, -sum(count for _, count in self.spellings), self.key


def compare_keys(key: str, others: Sequence[str], limit: int) -> Iterator[tuple[int, int]]:
    """Yield the position and the distance of each other key that is within the limit, in edits."""
    for _, distance, position in process.extract(key, others, scorer=OSA.distance, score_cutoff=limit, limit=None):
        yield position, round(distance)


def find_clusters(
    counts: Mapping[str, int], is_known: ValueTest = lambda text: False, compare: Comparison = compare_keys
) -> list[ValueCluster]:
    """Return the clusters of at least two spellings, those of the most rows first. The order of `counts` makes no difference.

    `counts` holds the number of rows of each value. `is_known` says which values are certainly right, such as the name of a
    city: they are suggested, and a cluster never contains two different ones. Without a known value, the most frequent spelling
    is suggested. Each spelling is in one cluster at most, is near the suggestion, and has the same numbers as it: "Region 1" and
    "Region 2" are never spellings of one value. `compare` measures the distance to several keys at once.
    """
    groups = sorted(_group_by_fingerprint(_select_values(counts), is_known), key=lambda group: group.rank)
    members: dict[int, list[int]] = {}
    centers_by_gram: defaultdict[str, list[int]] = defaultdict(list)
    frequencies = Counter(gram for group in groups for gram in set(_list_grams(group.key)))
    for position, group in enumerate(groups):
        grams = _list_rarest_grams(group.key, frequencies)
        center = None if group.is_known else _find_center(group.key, grams, groups, centers_by_gram, compare)
        members.setdefault(position if center is None else center, []).append(position)
        if center is None:
            for gram in grams:
                centers_by_gram[gram].append(position)
    clusters = [ValueCluster(tuple(_list_spellings([groups[position] for position in cluster]))) for cluster in members.values()]
    return sorted(
        (cluster for cluster in clusters if len(cluster.spellings) > 1), key=lambda cluster: (-cluster.count, cluster.suggestion)
    )


def fingerprint(text: str) -> str:
    """Return the words of the text once each, sorted, without case, accents and punctuation; "" for a text without words."""
    return " ".join(sorted(set(fold(text).split())))


def _select_values(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    short = [(text, count) for text, count in counts.items() if len(text) <= MAX_VALUE_LENGTH and fold(text)]
    return sorted(short, key=_sort_by_count)[:MAX_DISTINCT_VALUES]


def _sort_by_count(spelling: tuple[str, int]) -> tuple[int, int, str]:
    """Sort the most frequent first, of equally frequent ones those without punctuation."""
    text, count = spelling
    return -count, sum(not (sign.isalnum() or sign.isspace()) for sign in text), text


def _group_by_fingerprint(values: Iterable[tuple[str, int]], is_known: ValueTest) -> Iterator[_Group]:
    """Yield groups of values with one fingerprint. Known values with different words in order stay apart."""
    by_fingerprint: dict[str, list[tuple[str, int]]] = {}
    for text, count in values:
        by_fingerprint.setdefault(fingerprint(text), []).append((text, count))
    for spellings in by_fingerprint.values():
        known = [spelling for spelling in spellings if is_known(spelling[0])]
        first = fold(known[0][0]) if known else ""
        apart = {spelling for spelling in known if fold(spelling[0]) != first}
        yield from (_Group((spelling,), fold(spelling[0]), is_known=True) for spelling in apart)
        unknown = dict.fromkeys(spellings).keys() - set(known)
        together = [*(spelling for spelling in known if spelling not in apart), *sorted(unknown, key=_sort_by_count)]
        yield _Group(tuple(together), fold(together[0][0]), is_known=bool(known))


def _list_grams(key: str) -> list[str]:
    return [key[start : start + GRAM_LENGTH] for start in range(len(key) - GRAM_LENGTH + 1)]


def _list_rarest_grams(key: str, frequencies: Mapping[str, int]) -> list[str]:
    """Return n-grams of which at least one is also among those of any value within the distance; [] for a short value.

    E edits change at most _EDITED_GRAMS * E n-grams, so one more than that is enough.
    """
    if len(key) < MIN_NEIGHBOR_LENGTH:
        return []
    grams = sorted(_list_grams(key), key=lambda gram: (frequencies[gram], gram))
    return list(dict.fromkeys(grams[: _EDITED_GRAMS * _count_allowed_edits(key) + 1]))


def _count_allowed_edits(key: str) -> int:
    return MAX_EDITS if len(key) >= LONG_LENGTH else 1


def _find_center(
    key: str, grams: Iterable[str], groups: Sequence[_Group], centers_by_gram: Mapping[str, Sequence[int]], compare: Comparison
) -> int | None:
    """Return the nearest earlier center within the distance, the first of equally near ones; None if there is none."""
    centers = sorted({center for gram in grams for center in centers_by_gram.get(gram, ())[:MAX_BLOCK_SIZE]})
    near = compare(key, [groups[center].key for center in centers], _count_allowed_edits(key)) if centers else ()
    numbers = _DIGITS.findall(key)
    fitting = [
        (edits, centers[position])
        for position, edits in near
        if edits <= _count_allowed_edits(other := groups[centers[position]].key) and numbers == _DIGITS.findall(other)
    ]
    return min(fitting)[1] if fitting else None


def _list_spellings(groups: Sequence[_Group]) -> Iterator[tuple[str, int]]:
    """Yield the suggestion, then the other spellings, most frequent first."""
    first, *others = [spelling for group in groups for spelling in group.spellings]
    yield first
    yield from sorted(others, key=_sort_by_count)
