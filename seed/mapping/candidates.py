"""What each column most likely holds, by its heading, its values and its neighbours, before columns compete for fields."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from seed.mapping import value_patterns
from seed.mapping.heading_meaning import HeadingMeaning, interpret_heading
from seed.mapping.headings import OWN_QUALIFIER, describe_field, load_heading_vocabulary
from seed.mapping.value_patterns import (
    MIN_SUPPORTING_SHARE,
    contradicts_field,
    is_plausible_for_field,
    matching_share,
    supports_field,
)

DECISIVE_SHARE = 0.5  # share of values that decides between fields with one heading
SURE_CONFIDENCE = 0.9  # confidence by the heading from which a column settles what its neighbours mean
CONTRADICTION_FACTOR = 0.3  # what is left of the confidence when the values speak against the heading
BESIDE_PERSON_CONFIDENCE = 0.85  # confidence that "Phone" right after "Contact person" is that person's
MAX_QUOTED_VALUES = 2  # values that a reason quotes
MAX_QUOTED_LENGTH = 30  # characters of each


class SampledColumn(Struct, frozen=True):
    position: int  # from 0
    name: str  # its label
    heading: str  # as it stands in the table
    values: tuple[str, ...]  # those of the sample that say anything
    filled_share: float  # share of the sample


class ColumnCandidate(Struct, frozen=True):
    """`field` has no number in it; None where nothing is known. `number` and `whose` as in Meaning."""

    column: SampledColumn
    field: str | None
    confidence: float
    reason: str
    phrase: str = ""
    owner: str = OWN_QUALIFIER
    number: int = 0
    is_unknown: bool = False  # nobody knows its heading


def find_candidates_by_headings(columns: Sequence[SampledColumn]) -> list[ColumnCandidate]:
    """One for each column, in their order."""
    readings = [interpret_heading(column.heading) for column in columns]
    known = _AmbiguityResolver([reading.meanings for reading in readings], columns)
    found = []
    for column, reading in zip(columns, readings, strict=True):
        if reading.exclusion_reason:
            found.append(ColumnCandidate(column, None, 0.0, f'heading "{column.name}": {reading.exclusion_reason}'))
        else:
            found.append(_candidate_from_meaning(column, known.choose(reading.meanings, column.values)))
    return list(_assign_to_persons(found))


def _candidate_from_meaning(column: SampledColumn, meaning: HeadingMeaning | None) -> ColumnCandidate:
    if meaning is None:
        return ColumnCandidate(column, None, 0.0, f'heading "{column.name}" is not known', is_unknown=True)
    said = f'heading "{column.name}" {_choose_verb(meaning)} {describe_field(meaning.field)}'
    made = ColumnCandidate(column, meaning.field, meaning.confidence, said, meaning.phrase, meaning.owner, meaning.number)
    weaker = meaning.confidence * CONTRADICTION_FACTOR
    if _may_be_contradicted(meaning) and contradicts_field(meaning.field, column.values):
        return replace(made, confidence=weaker, reason=f"{said}, but the values do not look it: {_quote_values(column.values)}")
    if meaning.phrase in load_heading_vocabulary().vague_phrases and not is_plausible_for_field(meaning.field, column.values):
        return replace(made, confidence=weaker, reason=f"{said} perhaps, but the values do not bear it out")
    if meaning.confidence < 1 and supports_field(meaning.field, column.values):
        return replace(made, confidence=(1 + meaning.confidence) / 2, reason=f"{said}, and the values look it")
    return made


def _may_be_contradicted(meaning: HeadingMeaning) -> bool:
    """A field's own name that is no ordinary word, such as `issue_areas`, is meant as it stands."""
    return bool(meaning.phrase) or set("._:").isdisjoint(meaning.field)


def _quote_values(values: Sequence[str]) -> str:
    return ", ".join(f'"{value[:MAX_QUOTED_LENGTH]}"' for value in list(dict.fromkeys(values))[:MAX_QUOTED_VALUES])


def _choose_verb(meaning: HeadingMeaning) -> str:
    return "means" if meaning.confidence >= SURE_CONFIDENCE else "probably means"


class _AmbiguityResolver:
    """What the columns say together, which decides what a heading means that several fields share."""

    def __init__(self, readings: Sequence[tuple[HeadingMeaning, ...]], columns: Sequence[SampledColumn]) -> None:
        single = [(one[0], column) for one, column in zip(readings, columns, strict=True) if len(one) == 1]
        sure = [(one, column) for one, column in single if one.confidence >= SURE_CONFIDENCE]
        self._single = [one for one, column in sure if not contradicts_field(one.field, column.values)]
        self._names = sum(any(one.field == "name" for one in meanings) for meanings in readings)

    def choose(self, meanings: tuple[HeadingMeaning, ...], values: tuple[str, ...]) -> HeadingMeaning | None:
        if len(meanings) < 2:
            return meanings[0] if meanings else None
        by_field = {meaning.field: meaning for meaning in meanings}
        choose = next((choose for fields, choose in self._list_choices() if by_field.keys() == fields), None)
        return choose(by_field, values) if choose else None

    def _list_choices(
        self,
    ) -> Iterator[tuple[frozenset[str], Callable[[Mapping[str, HeadingMeaning], tuple[str, ...]], HeadingMeaning | None]]]:
        yield frozenset({"location.address", "location.street"}), self._choose_address
        yield frozenset({"name", "contact.name"}), self._choose_name
        yield frozenset({"name", "contact.role"}), self._choose_title
        yield frozenset({"contact.name", "contact.email", "contact.phone"}), _choose_contact
        yield frozenset({"id", "source_id"}), _choose_id

    def _has_field(self, field: str, like: HeadingMeaning | None = None) -> bool:
        return any(
            one.field == field and (like is None or (one.owner, one.number) == (like.owner, like.number)) for one in self._single
        )

    def _choose_address(self, meanings: Mapping[str, HeadingMeaning], values: tuple[str, ...]) -> HeadingMeaning | None:
        """Whole addresses, or streets where the city stands in a column of its own."""
        whole, street = meanings["location.address"], meanings["location.street"]
        if values and matching_share(values, value_patterns.is_whole_address) >= DECISIVE_SHARE:
            return whole
        if (
            matching_share(values, value_patterns.is_street) < DECISIVE_SHARE
            and matching_share(values, value_patterns.is_city) >= DECISIVE_SHARE
        ):
            return replace(whole, field="location.city", confidence=whole.confidence * SURE_CONFIDENCE)
        return street if values or self._has_field("location.city", whole) else whole

    def _choose_name(self, meanings: Mapping[str, HeadingMeaning], values: tuple[str, ...]) -> HeadingMeaning | None:
        return meanings["contact.name" if self._has_field("name") else "name"]

    def _choose_title(self, meanings: Mapping[str, HeadingMeaning], values: tuple[str, ...]) -> HeadingMeaning | None:
        has_person = any(one.field.startswith("contact.") for one in self._single)
        return meanings["contact.role" if has_person or self._names > 1 else "name"]


def _choose_contact(meanings: Mapping[str, HeadingMeaning], values: tuple[str, ...]) -> HeadingMeaning | None:
    """A person, a mailbox or a number; None where one cell holds several of them."""
    if matching_share(values, value_patterns.is_email) >= MIN_SUPPORTING_SHARE:
        return meanings["contact.email"]
    if matching_share(values, value_patterns.is_phone) >= MIN_SUPPORTING_SHARE:
        return meanings["contact.phone"]
    is_mixed = (
        matching_share(values, lambda text: "@" in text or value_patterns.count_digits(text) >= 7) >= 1 - MIN_SUPPORTING_SHARE
    )
    return None if is_mixed else meanings["contact.name"]


def _choose_id(meanings: Mapping[str, HeadingMeaning], values: tuple[str, ...]) -> HeadingMeaning | None:
    """A record's id here is a UUID; anything else is the source's own number."""
    return meanings["id" if values and matching_share(values, value_patterns.is_uuid) >= MIN_SUPPORTING_SHARE else "source_id"]


def _assign_to_persons(column_candidates: Sequence[ColumnCandidate]) -> Iterator[ColumnCandidate]:
    """ "E-mail" and "Phone" right after a contact person are that person's, unless the person has others.

    What is a person's is shown to fewer people than what is an organization's.
    """
    taken = {(one.field, one.owner, one.number) for one in column_candidates if one.field}
    person: ColumnCandidate | None = None
    for one in column_candidates:
        if one.field and one.field.startswith("contact."):
            person = one
        elif one.field not in ("email", "phone"):
            person = None
        elif (
            person
            and one.phrase in load_heading_vocabulary().unqualified_phrases
            and (f"contact.{one.field}", person.owner, person.number) not in taken
        ):
            yield _assign_to_person(person, one)
            continue
        yield one


def _assign_to_person(person: ColumnCandidate, one: ColumnCandidate) -> ColumnCandidate:
    field = f"contact.{one.field}"
    reason = f'column "{one.column.name}" stands beside a contact person, so it is taken for {describe_field(field)}'
    confidence = min(BESIDE_PERSON_CONFIDENCE, one.confidence)
    return replace(one, field=field, owner=person.owner, number=person.number, confidence=confidence, reason=reason)


MIN_VALUES = 3  # values from which they tell anything
MIN_MATCHING_SHARE = 0.9  # share of values that must look like it
MIN_DISTINCT_NAMES = 0.8  # share of names that must differ: what repeats is a category
MIN_NAME_SHARE = 0.4  # share of names of organizations with a word that only these have
MAX_AVERAGE_NAME_LENGTH = 70  # characters on average
VALUES_ONLY_CONFIDENCE = 0.75  # confidence of what values alone say, times the share that says so

ValueTest = Callable[[str], bool]

_VALUE_KINDS: tuple[
    tuple[str, str, ValueTest], ...
] = (  # field, what its values are, how they look; the first that nearly all values fit
    ("contact.email", "e-mail addresses", value_patterns.is_email),
    ("identifier:US-EIN", "EINs", value_patterns.is_ein),
    ("website", "web addresses", value_patterns.is_url),
    ("contact.phone", "telephone numbers", value_patterns.is_phone),
    ("location.postal_code", "ZIP codes", value_patterns.is_postal_code),
    ("location.state", "states", value_patterns.is_state),
    ("location.address", "whole addresses", lambda text: value_patterns.is_whole_address(text) and any(map(str.isalpha, text))),
    ("location.street", "street addresses", value_patterns.is_street),
    ("location.city", "cities", value_patterns.is_city),
)
_NAMES_DESCRIPTION = "names of organizations"


def find_candidates_by_values(columns: Sequence[SampledColumn]) -> list[ColumnCandidate]:
    """One for each column; without a field where the values could be several things.

    Names of organizations are looked for in one column only, the one that has most of them.
    """
    found = [_build_candidate_by_kind(column) for column in columns]
    nameable = [(_name_share(one.column), -one.column.position, one) for one in found if one.field in (None, "location.city")]
    if nameable:
        likeness, _, best = max(nameable, key=lambda entry: entry[:2])
        if likeness >= MIN_NAME_SHARE:
            found[found.index(best)] = _build_candidate(best.column, "name", _NAMES_DESCRIPTION, VALUES_ONLY_CONFIDENCE)
    return found


def describe_values(column: SampledColumn) -> str | None:
    """What nearly all values are, in words such as "e-mail addresses"; None where they could be several things."""
    kind = _find_kind(column)
    return kind[1] if kind else _NAMES_DESCRIPTION if _name_share(column) >= MIN_NAME_SHARE else None


def _build_candidate_by_kind(column: SampledColumn) -> ColumnCandidate:
    if kind := _find_kind(column):
        return _build_candidate(column, kind[0], kind[1], VALUES_ONLY_CONFIDENCE * kind[2])
    return ColumnCandidate(column, None, 0.0, f"the values of {column.name} do not say what they are")


def _find_kind(column: SampledColumn) -> tuple[str, str, float] | None:
    """The field, its words and the share of values that look like it."""
    shares = ((field, words, matching_share(column.values, looks)) for field, words, looks in _VALUE_KINDS)
    return next((found for found in shares if found[2] >= MIN_MATCHING_SHARE), None) if len(column.values) >= MIN_VALUES else None


def _name_share(column: SampledColumn) -> float:
    """The share of values that name an organization for certain; 0 where the column is no list of names at all."""
    values = column.values
    if len(values) < MIN_VALUES or len(set(values)) < MIN_DISTINCT_NAMES * len(values):
        return 0.0
    is_short = sum(map(len, values)) <= MAX_AVERAGE_NAME_LENGTH * len(values)
    return matching_share(values, value_patterns.has_organization_word) if is_short else 0.0


def _build_candidate(column: SampledColumn, field: str, words: str, confidence: float) -> ColumnCandidate:
    return ColumnCandidate(column, field, confidence, f"the values of {column.name} look like {words}")
