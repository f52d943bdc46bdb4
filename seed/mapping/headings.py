"""The headings of tables and their fields: the English and Spanish phrases of headings.toml and of the field registry."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.export.flat_fields import GROUPS, FieldKind, find_field_kind
from directory.fields import FIELDS, Field
from directory.text import fold

HEADINGS_FILE = Path(__file__).with_name("headings.toml")
OWN_QUALIFIER = "own"  # the location or contact of a heading without a qualifier, as named in headings.toml
PLURAL_MARK = "(s)"


class FieldPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    """`means` completes a sentence: 'heading "Zip" means a postal code'. The lists are explained in headings.toml."""

    means: str
    phrases: tuple[str, ...] = ()
    unqualified: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()


class SharedPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    fields: tuple[str, ...]
    phrases: tuple[str, ...]


class ExcludedHeadings(Struct, frozen=True, forbid_unknown_fields=True):
    reason: str
    phrases: tuple[str, ...]


class HeadingsFile(Struct, frozen=True, forbid_unknown_fields=True):
    fillers: frozenset[str]
    owners: tuple[str, ...]
    turning: frozenset[str]
    shared: tuple[SharedPhrases, ...]
    kept_out: tuple[ExcludedHeadings, ...]
    qualifiers: dict[str, dict[str, tuple[str, ...]]]  # group -> owner -> phrases
    fields: dict[str, FieldPhrases]

    def list_phrases(self, field: str) -> list[str]:
        """Return the phrases of a field as they are written in the file, those it shares first."""
        words = self.fields[field]
        shared = [phrase for group in self.shared if field in group.fields for phrase in group.phrases]
        return [*shared, *words.unqualified, *words.vague, *words.phrases]


class HeadingVocabulary(Struct, frozen=True):
    """The phrases, folded and expanded. A phrase in `fields` has several fields if they share it."""

    fields: Mapping[str, tuple[str, ...]]
    fields_without_fillers: Mapping[str, tuple[str, ...]]  # the same phrases without their fillers
    excluded_headings: Mapping[str, str]  # phrase to the reason
    descriptions: Mapping[str, str]  # field to its meaning in words
    filler_words: frozenset[str]
    turning_words: frozenset[str]
    unqualified_phrases: frozenset[str]
    vague_phrases: frozenset[str]
    owners: tuple[str, ...]  # longest first, as are the qualifiers
    qualifiers: tuple[tuple[str, str, str], ...]  # phrase, group, owner


@cache
def load_heading_vocabulary() -> HeadingVocabulary:
    """Return the phrases of headings.toml."""
    return read_heading_vocabulary(HEADINGS_FILE)


def load_headings_file(path: Path = HEADINGS_FILE) -> HeadingsFile:
    """Return the content of the file as it is written, with the plain fields of the registry. The file takes precedence."""
    file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), HeadingsFile)
    return replace(file, fields={**{name: _build_field_phrases(field) for name, field in FIELDS.items()}, **file.fields})


def _build_field_phrases(field: Field) -> FieldPhrases:
    headings = field.headings
    phrases = (*split_phrases(headings.en), *split_phrases(headings.es))
    return FieldPhrases(field.means, phrases, vague=split_phrases(headings.vague))


def split_phrases(phrases: str) -> tuple[str, ...]:
    return tuple(phrases.split(", ")) if phrases else ()


def read_heading_vocabulary(path: Path) -> HeadingVocabulary:
    """Return the phrases in that file. Raises BadInput for an unknown field and for a phrase that is stated twice."""
    file = load_headings_file(path)
    unknown = [field for field in file.fields if find_field_kind(field) is None]
    if unknown:
        raise BadInput(f"{path.name}: there is no field {unknown[0]}.", file=path.name)
    fields = _index_by_phrase(file, path.name)
    return HeadingVocabulary(
        fields=fields,
        fields_without_fillers=index_without_fillers(fields, file.fillers),
        excluded_headings={phrase: group.reason for group in file.kept_out for phrase in expand_phrases(group.phrases)},
        descriptions={field: words.means for field, words in file.fields.items()},
        filler_words=file.fillers,
        turning_words=file.turning,
        unqualified_phrases=frozenset(phrase for words in file.fields.values() for phrase in expand_phrases(words.unqualified)),
        vague_phrases=frozenset(phrase for words in file.fields.values() for phrase in expand_phrases(words.vague)),
        owners=tuple(sorted(expand_phrases(file.owners), key=lambda phrase: (-len(phrase), phrase))),
        qualifiers=tuple(_list_qualifiers(file.qualifiers)),
    )


def describe_field(field: str) -> str:
    """Return what a field holds in words: "a postal code", also for location2.postal_code. Without words, the field's name."""
    descriptions = load_heading_vocabulary().descriptions
    unnumbered = strip_field_number(field)
    if unnumbered in descriptions:
        return descriptions[unnumbered]
    return {FieldKind.URL: f"a link: {field.partition(':')[2]}"}.get(find_field_kind(field) or FieldKind.LINE, field)


def strip_field_number(field: str) -> str:
    """Return the field without its number: location.city for location2.city."""
    group, dot, rest = field.partition(".")
    return f"{group.rstrip('0123456789')}.{rest}" if dot and group.rstrip("0123456789") in GROUPS else field


def add_field_number(field: str, number: int) -> str:
    """Return the field of a group with a number from 1: location2.city for location.city and 2, location.city for 1."""
    group, _, rest = strip_field_number(field).partition(".")
    return f"{group}{number if number > 1 else ''}.{rest}"


def expand_phrases(phrases: Iterable[str]) -> Iterator[str]:
    """Yield each phrase folded, and both the singular and the plural of one with a plural mark."""
    for phrase in phrases:
        yield fold(phrase.replace(PLURAL_MARK, ""))
        if PLURAL_MARK in phrase:
            yield fold(phrase.replace(PLURAL_MARK, "s"))


def _index_by_phrase(file: HeadingsFile, name: str) -> dict[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    excluded = {phrase: ("kept_out",) for group in file.kept_out for phrase in expand_phrases(group.phrases)}
    groups = [(group.fields, group.phrases) for group in file.shared]
    groups += [((field,), (*words.phrases, *words.unqualified, *words.vague)) for field, words in file.fields.items()]
    for fields, phrases in groups:
        for phrase in expand_phrases(phrases):
            if other := index.get(phrase) or excluded.get(phrase):
                places = " and ".join(dict.fromkeys((*other, *fields)))
                raise BadInput(
                    f'{name}: "{phrase}" is stated twice, for {places}. Remove one, or move it to [[shared]].', file=name
                )
            index[phrase] = fields
    return index


def index_without_fillers(fields: Mapping[str, tuple[str, ...]], fillers: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Index the phrases without fillers. One that then means different fields is left out, unless it is a phrase itself."""
    candidates: dict[str, set[tuple[str, ...]]] = {}
    for phrase, names in fields.items():
        candidates.setdefault(remove_words(phrase, fillers), set()).add(names)
    unambiguous = {phrase: next(iter(names)) for phrase, names in candidates.items() if len(names) == 1 and phrase}
    return {**unambiguous, **fields}


def remove_words(phrase: str, words: frozenset[str]) -> str:
    return " ".join(word for word in phrase.split() if word not in words)


def _list_qualifiers(groups: Mapping[str, Mapping[str, Iterable[str]]]) -> Iterable[tuple[str, str, str]]:
    qualifiers = {
        (phrase, group, owner)
        for group, owners in groups.items()
        for owner, phrases in owners.items()
        for phrase in expand_phrases(phrases)
    }
    return sorted(qualifiers, key=lambda entry: (-len(entry[0]), entry))


def column_labels(headings: Sequence[str] | None, width: int = 0) -> tuple[str, ...]:
    """Return one distinct name for each column: its heading, "column 3" without a heading, "City (column 7)" for a repeated one.

    The first column with a heading keeps it unchanged. Positions count from 1. `width` is the number of columns, if that is more
    than the number of headings.
    """
    padded = [*(headings or ()), *[""] * (width - len(headings or ()))]
    names = [" ".join(heading.split()) or column_label(position) for position, heading in enumerate(padded)]
    counts: Counter[str] = Counter()
    labels = []
    for position, name in enumerate(names):
        counts[fold(name)] += 1
        labels.append(name if counts[fold(name)] == 1 else f"{name} ({column_label(position)})")
    return tuple(labels)


def column_label(column: int) -> str:
    """Return the name of a column without a heading. `column` counts from 0, the name from 1."""
    return f"column {column + 1}"
