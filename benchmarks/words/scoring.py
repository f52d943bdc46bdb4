"""Score how labelled questions are understood: whether a reading has every expected clause, no other one, and leads somewhere."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from directory.errors import DirectoryError
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.question import FACETS, Filter, Nationwide, Question
from directory.text import fold
from directory.understanding.places.regions import find_narrowest_region
from directory.understanding.understand import Understanding
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

Atoms: TypeAlias = frozenset[str]
"""The alternatives of one clause: "issueAreas:housing", "place:city:US-GA:atlanta", "not kinds:UNION"."""

_NAMED_KINDS = (RegionKind.CUSTOM, RegionKind.METRO_AREA, RegionKind.TRIBAL_AREA)
_FACET_NAMES = {"issue_areas": "issueAreas", "communities": "communities", "work_areas": "workAreas", "languages": "languages"}


class LabelledQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    """A question with its expected reading; tests/directory/understanding/questions.toml explains the fields."""

    text: str
    language: str
    style: str
    expect: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    min_results: int = 1


class _QuestionFile(Struct, frozen=True):
    question: tuple[LabelledQuestion, ...]


def read_questions(path: Path) -> tuple[LabelledQuestion, ...]:
    """Return the questions of a TOML file."""
    return msgspec.toml.decode(path.read_bytes(), type=_QuestionFile).question


def find_mistakes(label: LabelledQuestion, understanding: Understanding) -> list[str]:
    """Return what is wrong with a reading, in words; [] if it is right."""
    clauses = list(iter_clauses(understanding.question))
    mistakes = [f"lacks {clause}" for clause in label.expect if not any(_is_met(clause, atoms) for atoms in clauses)]
    mistakes += [f"has {_show(atoms)}" for atoms in clauses if not any(_is_met(c, atoms) for c in (*label.expect, *label.may))]
    atoms = {atom for clause in clauses for atom in clause}
    mistakes += [f"has forbidden {part}" for part in label.forbid if any(_matches(part, atom) for atom in atoms)]
    asked = [fold(words.words) for words in understanding.ambiguous if words.likeliest is None]
    names = [fold(words) for words in label.ambiguous]
    mistakes += [f"does not ask back about {name}" for name in names if not any(_overlap(name, words) for words in asked)]
    mistakes += [f"asks back about {words}" for words in asked if not any(_overlap(name, words) for name in names)]
    needs = [fold(words) for words in understanding.needs_from_asker]
    mistakes += [
        f"does not ask where {words} is" for words in label.asks if not any(_overlap(fold(words), need) for need in needs)
    ]
    return mistakes + ([f"asks where {needs[0]} is"] if needs and not label.asks else [])


def iter_clauses(question: Question) -> Iterator[Atoms]:
    """Yield the clauses of a question, each as its alternatives."""
    if question.text:
        yield frozenset({f"query:{fold(question.text)}"})
    yield from _iter_filter_clauses(question)
    for alternatives in question.clauses:
        yield frozenset(atom for alternative in alternatives for clause in _iter_filter_clauses(alternative) for atom in clause)


def _iter_filter_clauses(condition: Filter) -> Iterator[Atoms]:
    for facet, name in _FACET_NAMES.items():
        terms = getattr(condition, facet)
        yield from _iter_nonempty([[f"{name}:{slug}" for slug in terms.any_of]])
        yield from _iter_nonempty([[f"{name}:{slug}"] for slug in terms.all_of])
        yield from _iter_nonempty([[f"not {name}:{slug}"] for slug in terms.none_of])
    yield from _iter_nonempty([[f"kinds:{kind.value}" for kind in condition.kinds]])
    yield from _iter_nonempty([[f"not kinds:{kind.value}"] for kind in condition.excluded_kinds])
    yield from _iter_place_clauses(condition)
    if condition.founded.first or condition.founded.last:
        yield frozenset({f"founded:{condition.founded.first or ''}-{condition.founded.last or ''}"})


def _iter_place_clauses(condition: Filter) -> Iterator[Atoms]:
    near, regions = condition.near, condition.regions
    if regions.nationwide is Nationwide.ONLY:
        yield frozenset({"nationwide:true"})
    codes = [f"region:{code}" for code in regions.any_of]
    if codes and not (regions.nationwide is Nationwide.ONLY and regions.any_of == ("US",)):
        yield frozenset(codes)
    if near is not None and near.radius_km is not None:
        yield frozenset({f"place:{near.reference}"})
    yield from _iter_nonempty([[f"not region:{code}"] for code in regions.none_of])


def _iter_nonempty(clauses: Sequence[Sequence[str]]) -> Iterator[Atoms]:
    return (frozenset(atoms) for atoms in clauses if atoms)


def _is_met(clause: str, atoms: Atoms) -> bool:
    """Whether a clause of a reading consists only of values that the label lists."""
    values = [value.strip() for value in clause.split(" | ")]
    return bool(atoms) and all(any(_matches(value, atom) for value in values) or _is_covered(values, atom) for atom in atoms)


def _is_covered(values: Sequence[str], atom: str) -> bool:
    """Whether a region of several counties lies wholly in the states, counties and regions that the label lists."""
    field, _, code = atom.partition(":")
    region = REGIONS.get(code)
    if field != "region" or region is None or region.kind not in _NAMED_KINDS:
        return False
    listed = {code for value in values for code in _list_region_codes(*value.partition(":")[::2])} & {one.code for one in REGIONS}
    counties = REGIONS.contained_codes(code, RegionKind.COUNTY)
    return bool(counties) and all(any(REGIONS.covers(outer, county) for outer in listed) for county in counties)


def _matches(value: str, atom: str) -> bool:
    if value.startswith("not ") != atom.startswith("not "):
        return False
    field, _, content = value.removeprefix("not ").partition(":")
    other_field, _, other = atom.removeprefix("not ").partition(":")
    if field in ("place", "region") and other_field in ("place", "region"):
        return not _list_region_codes(field, content).isdisjoint(_list_region_codes(other_field, other))
    if field in ("query", "name") and other_field == "query":
        return fold(content) == fold(other)
    return (field, content) == (other_field, other)


@cache
def _list_region_codes(field: str, content: str) -> frozenset[str]:
    """Return what stands for a place in a reading: its id, and the narrowest region that contains it."""
    if field == "region":
        return frozenset({content})
    place = _find_place(content)
    return frozenset({place.id, find_narrowest_region(place)}) if place else frozenset({content})


def _find_place(content: str) -> Place | None:
    try:
        return get_gazetteer().get_place(content) or get_gazetteer().resolve(content)
    except DirectoryError:
        return None


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


def _show(atoms: Atoms) -> str:
    return " | ".join(sorted(atoms))


__all__ = ["FACETS", "LabelledQuestion", "find_mistakes", "iter_clauses", "read_questions"]
