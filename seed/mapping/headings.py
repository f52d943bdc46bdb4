"""What the headings of tables mean: the phrases of headings.toml, English and Spanish, by the field they name."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from directory.errors import BadInput
from directory.text import fold
from seed.flat_fields import GROUPS, FieldKind, find_field_kind

HEADINGS_FILE = Path(__file__).with_name("headings.toml")
OWN_QUALIFIER = "own"  # the place or contact that a heading means when it says nothing more, by the qualifiers of headings.toml


class FieldPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    """`means` completes a sentence: 'heading "Zip" means a postal code'."""

    means: str
    phrases: tuple[str, ...]


class ExcludedHeading(Struct, frozen=True, forbid_unknown_fields=True):
    reason: str
    phrases: tuple[str, ...]


class _HeadingsFile(Struct, frozen=True, forbid_unknown_fields=True):
    fillers: frozenset[str]
    owners: tuple[str, ...]
    turning: frozenset[str]
    shared: frozenset[str]
    bare: frozenset[str]
    vague: frozenset[str]
    kept_out: tuple[ExcludedHeading, ...]
    qualifiers: dict[str, dict[str, tuple[str, ...]]]  # group -> whose -> phrases
    fields: dict[str, FieldPhrases]


class HeadingVocabulary(Struct, frozen=True):
    """All phrases are folded. `fields` has several fields for a phrase that they share."""

    fields: Mapping[str, tuple[str, ...]]
    fields_without_fillers: Mapping[str, tuple[str, ...]]  # the same phrases without their fillers
    excluded_headings: Mapping[str, str]  # phrase to the reason
    descriptions: Mapping[str, str]  # field to what it is, in words
    filler_words: frozenset[str]
    turning_words: frozenset[str]
    unqualified_phrases: frozenset[str]
    vague_phrases: frozenset[str]
    owners: tuple[str, ...]  # longest first, as are the qualifiers
    qualifiers: tuple[tuple[str, str, str], ...]  # phrase, group, whose


@cache
def load_heading_vocabulary() -> HeadingVocabulary:
    """The phrases of this package."""
    return read_heading_vocabulary(HEADINGS_FILE)


def read_heading_vocabulary(path: Path) -> HeadingVocabulary:
    """The phrases in that file. Raises BadInput that names the file and the phrase which two fields have and do not share."""
    file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _HeadingsFile)
    unknown = [field for field in file.fields if find_field_kind(field) is None]
    if unknown:
        raise BadInput(f"{path.name}: there is no field {unknown[0]}.", file=path.name)
    fields = _index_by_phrase(file.fields)
    kept_out = {fold(phrase): group.reason for group in file.kept_out for phrase in group.phrases}
    for phrase, names in fields.items():
        if phrase in kept_out or (len(names) > 1 and phrase not in file.shared):
            raise BadInput(f'{path.name}: "{phrase}" is of {" and ".join(names)}; share it or leave one out.', file=path.name)
    return HeadingVocabulary(
        fields=fields,
        fields_without_fillers=_index_without_fillers(fields, file.fillers),
        excluded_headings=kept_out,
        descriptions={field: words.means for field, words in file.fields.items()},
        filler_words=file.fillers,
        turning_words=file.turning,
        unqualified_phrases=file.bare,
        vague_phrases=file.vague,
        owners=_sort_longest_first(file.owners),
        qualifiers=tuple(_list_qualifiers(file.qualifiers)),
    )


def describe_field(field: str) -> str:
    """What a field holds, in words: "a postal code" of location2.postal_code too; the field's name where there are none."""
    known = load_heading_vocabulary().descriptions
    plain = strip_field_number(field)
    if plain in known:
        return known[plain]
    return {FieldKind.URL: f"a link: {field.partition(':')[2]}"}.get(find_field_kind(field) or FieldKind.LINE, field)


def strip_field_number(field: str) -> str:
    """The field without its number: location.city of location2.city."""
    group, dot, rest = field.partition(".")
    return f"{group.rstrip('0123456789')}.{rest}" if dot and group.rstrip("0123456789") in GROUPS else field


def add_field_number(field: str, number: int) -> str:
    """The field of a group with its number, from 1: location2.city of location.city and 2, location.city of 1."""
    group, _, rest = strip_field_number(field).partition(".")
    return f"{group}{number if number > 1 else ''}.{rest}"


def _index_by_phrase(fields: Mapping[str, FieldPhrases]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for field, words in fields.items():
        for phrase in words.phrases:
            found.setdefault(fold(phrase), {})[field] = None
    return {phrase: tuple(names) for phrase, names in found.items()}


def _index_without_fillers(fields: Mapping[str, tuple[str, ...]], fillers: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """By phrase without fillers. One that several fields come to is left out, unless it is a phrase as it stands."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for phrase, names in fields.items():
        found.setdefault(remove_words(phrase, fillers), set()).add(names)
    single = {phrase: next(iter(names)) for phrase, names in found.items() if len(names) == 1 and phrase}
    return {**single, **fields}


def remove_words(phrase: str, words: frozenset[str]) -> str:
    return " ".join(word for word in phrase.split() if word not in words)


def _list_qualifiers(groups: Mapping[str, Mapping[str, Iterable[str]]]) -> Iterable[tuple[str, str, str]]:
    every = {
        (fold(phrase), group, whose) for group, kinds in groups.items() for whose, phrases in kinds.items() for phrase in phrases
    }
    return sorted(every, key=lambda entry: (-len(entry[0]), entry))


def _sort_longest_first(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({fold(phrase) for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase)))


def column_labels(headings: Sequence[str] | None, width: int = 0) -> tuple[str, ...]:
    """One distinct name for each column: its heading, "column 3" where it has none, "City (column 7)" where others have it too.

    Of columns with one heading the first keeps it alone. Positions count from 1. `width` is the number of columns where there
    are no headings, or more of them than headings.
    """
    told = [*(headings or ()), *[""] * (width - len(headings or ()))]
    names = [" ".join(heading.split()) or column_label(position) for position, heading in enumerate(told)]
    seen: Counter[str] = Counter()
    found = []
    for position, name in enumerate(names):
        seen[fold(name)] += 1
        found.append(name if seen[fold(name)] == 1 else f"{name} ({column_label(position)})")
    return tuple(found)


def column_label(column: int) -> str:
    """The name of a column without a heading; `column` counts from 0, the name from 1."""
    return f"column {column + 1}"
