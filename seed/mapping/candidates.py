"""Find the most likely field of each column by its heading, values and neighbors, before columns compete for fields."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence

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

DECISIVE_SHARE = 0.5  # share of values that decides between fields that share a heading
SURE_CONFIDENCE = 0.9  # confidence from which a heading helps to decide what its neighbors mean
CONTRADICTION_FACTOR = 0.3  # multiplies the confidence when the values contradict the heading
BESIDE_PERSON_CONFIDENCE = 0.85  # confidence that "Phone" right after "Contact person" is that person's
MAX_QUOTED_VALUES = 2
MAX_QUOTED_LENGTH = 30  # characters of each
MIN_VALUES = 3  # values that are needed to recognize a column without a heading
MIN_MATCHING_SHARE = 0.75  # share of these values that must match; the others may be typed differently
MIN_DISTINCT_NAMES = 0.8  # share of names that must differ: a value that repeats is a category
MANY_NAMES, MIN_DISTINCT_OF_MANY = 10, 0.5  # so many different names may repeat more often, as branches share names
MIN_NAME_FILLED_SHARE = 0.9  # share of rows in which the name of an organization must be filled
MIN_FULL_NAME_SHARE = 0.25  # like MIN_NAME_SHARE, for a column that is filled in nearly every row
NAME_SHARE_TOLERANCE = 0.25  # a column this close to the one with the largest share is as likely
MIN_NAME_SHARE = 0.4  # share of organizations' names that must contain a word of such names
MAX_AVERAGE_NAME_LENGTH = 70  # characters
VALUES_ONLY_CONFIDENCE = 0.75  # confidence without a heading, multiplied by the share of matching values

ValueTest = Callable[[str], bool]

_VALUE_KINDS: tuple[tuple[str, str, ValueTest], ...] = (  # field, description and test; the first that matches counts
    ("contact.email", "e-mail addresses", value_patterns.is_email),
    ("identifier:US-EIN", "EINs", value_patterns.is_ein),
    ("website", "web addresses", value_patterns.is_url),
    ("contact.phone", "telephone numbers", value_patterns.is_phone),
    ("location.postal_code", "ZIP codes", lambda text: len(text) > 3 and value_patterns.is_postal_code(text.zfill(5))),
    ("location.state", "states", value_patterns.is_state),
    ("location.address", "whole addresses", lambda text: value_patterns.is_whole_address(text) and any(map(str.isalpha, text))),
    ("location.street", "street addresses", value_patterns.is_street),
    ("location.city", "cities", value_patterns.is_city),
)
_NAMES_DESCRIPTION = "names of organizations"


class SampledColumn(Struct, frozen=True):
    position: int  # from 0
    name: str  # its label
    heading: str  # as written in the table
    values: tuple[str, ...]  # sampled values, without empty ones and placeholders
    filled_share: float  # share of filled cells in the sample


class ColumnCandidate(Struct, frozen=True):
    """`field` has no number; None when it is unknown. `number` and `owner` are as in HeadingMeaning."""

    column: SampledColumn
    field: str | None
    confidence: float
    reason: str
    phrase: str = ""
    owner: str = OWN_QUALIFIER
    number: int = 0
    is_unknown: bool = False  # the heading has no known meaning


def find_candidates_by_headings(columns: Sequence[SampledColumn]) -> list[ColumnCandidate]:
    """Return one candidate for each column, in order."""
    interpretations = [interpret_heading(column.heading) for column in columns]
    resolver = _AmbiguityResolver([interpretation.meanings for interpretation in interpretations], columns)
    candidates = []
    for column, interpretation in zip(columns, interpretations, strict=True):
        if reason := interpretation.exclusion_reason:
            candidates.append(ColumnCandidate(column, None, 0.0, f'heading "{column.name}": {reason}'))
        else:
            candidates.append(_candidate_from_meaning(column, resolver.choose(interpretation.meanings, column.values)))
    return list(_assign_to_persons(candidates))


def _candidate_from_meaning(column: SampledColumn, meaning: HeadingMeaning | None) -> ColumnCandidate:
    if meaning is None:
        return ColumnCandidate(column, None, 0.0, f'heading "{column.name}" is unknown', is_unknown=True)
    reason = f'heading "{column.name}" {_choose_verb(meaning)} {describe_field(meaning.field)}'
    candidate = ColumnCandidate(column, meaning.field, meaning.confidence, reason, meaning.phrase, meaning.owner, meaning.number)
    weaker = meaning.confidence * CONTRADICTION_FACTOR
    if _may_be_contradicted(meaning) and contradicts_field(meaning.field, column.values):
        quoted = _quote_values(column.values)
        return replace(candidate, confidence=weaker, reason=f"{reason}, but the values do not match: {quoted}")
    if meaning.phrase in load_heading_vocabulary().vague_phrases and not is_plausible_for_field(meaning.field, column.values):
        return replace(candidate, confidence=weaker, reason=f"{reason}, but it is vague and the values do not confirm it")
    if meaning.confidence < 1 and supports_field(meaning.field, column.values):
        return replace(candidate, confidence=(1 + meaning.confidence) / 2, reason=f"{reason}, and the values match")
    return candidate


def _may_be_contradicted(meaning: HeadingMeaning) -> bool:
    """Return False for a field's own name that is not an ordinary word, such as `issue_areas`: it is certainly meant."""
    return bool(meaning.phrase) or set("._:").isdisjoint(meaning.field)


def _quote_values(values: Sequence[str]) -> str:
    return ", ".join(f'"{value[:MAX_QUOTED_LENGTH]}"' for value in list(dict.fromkeys(values))[:MAX_QUOTED_VALUES])


def _choose_verb(meaning: HeadingMeaning) -> str:
    return "means" if meaning.confidence >= SURE_CONFIDENCE else "probably means"


class _AmbiguityResolver:
    """Chooses between fields that share a heading, by the values and by what the other columns mean."""

    def __init__(self, meanings_by_column: Sequence[tuple[HeadingMeaning, ...]], columns: Sequence[SampledColumn]) -> None:
        single = [
            (meanings[0], column) for meanings, column in zip(meanings_by_column, columns, strict=True) if len(meanings) == 1
        ]
        sure = [(meaning, column) for meaning, column in single if meaning.confidence >= SURE_CONFIDENCE]
        self._sure = [meaning for meaning, column in sure if not contradicts_field(meaning.field, column.values)]
        self._names = sum(any(meaning.field == "name" for meaning in meanings) for meanings in meanings_by_column)

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
            meaning.field == field and (like is None or (meaning.owner, meaning.number) == (like.owner, like.number))
            for meaning in self._sure
        )

    def _choose_address(self, meanings: Mapping[str, HeadingMeaning], values: tuple[str, ...]) -> HeadingMeaning | None:
        """Choose whole addresses, or streets if the city has a column of its own."""
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
        has_person = any(meaning.field.startswith("contact.") for meaning in self._sure)
        return meanings["contact.role" if has_person or self._names > 1 else "name"]


def _choose_contact(meanings: Mapping[str, HeadingMeaning], values: tuple[str, ...]) -> HeadingMeaning | None:
    """Choose a person, a mailbox or a number; None if the cells mix them."""
    if matching_share(values, value_patterns.is_email) >= MIN_SUPPORTING_SHARE:
        return meanings["contact.email"]
    if matching_share(values, value_patterns.is_phone) >= MIN_SUPPORTING_SHARE:
        return meanings["contact.phone"]
    is_mixed = (
        matching_share(values, lambda text: "@" in text or value_patterns.count_digits(text) >= 7) >= 1 - MIN_SUPPORTING_SHARE
    )
    return None if is_mixed else meanings["contact.name"]


def _choose_id(meanings: Mapping[str, HeadingMeaning], values: tuple[str, ...]) -> HeadingMeaning | None:
    """Choose our own ids if the values are UUIDs, or else the source's ids."""
    return meanings["id" if values and matching_share(values, value_patterns.is_uuid) >= MIN_SUPPORTING_SHARE else "source_id"]


def _assign_to_persons(column_candidates: Sequence[ColumnCandidate]) -> Iterator[ColumnCandidate]:
    """Assign "E-mail" and "Phone" right after a contact person to that person, unless the person has others.

    This errs on the safe side: a person's details are shown to fewer people than an organization's.
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
    reason = f'column "{one.column.name}" is beside a contact person, so it is read as {describe_field(field)}'
    confidence = min(BESIDE_PERSON_CONFIDENCE, one.confidence)
    return replace(one, field=field, owner=person.owner, number=person.number, confidence=confidence, reason=reason)


def find_candidates_by_values(columns: Sequence[SampledColumn]) -> list[ColumnCandidate]:
    """Return one candidate for each column, without a field if the values could be several things or another column has it."""
    candidates = [_build_candidate_by_kind(column) for column in columns]
    return list(_keep_one_of_each_field(_add_name(candidates, candidates)))


def _add_name(candidates: Sequence[ColumnCandidate], possible: Sequence[ColumnCandidate]) -> list[ColumnCandidate]:
    """Return the candidates with the name for the possible one that looks like names, if there is one."""
    name = _find_name_column([one.column for one in possible if one.field in (None, "location.city")])
    named = _build_candidate(name, "name", _NAMES_DESCRIPTION, VALUES_ONLY_CONFIDENCE) if name else None
    return [named if named and one.column is name else one for one in candidates]


def _keep_one_of_each_field(candidates: Sequence[ColumnCandidate]) -> Iterator[ColumnCandidate]:
    """Leave each field to its fullest column: another one may hold fax numbers, or counties that are named like cities."""
    best = {one.field: one for one in sorted(candidates, key=lambda one: (one.column.filled_share, -one.column.position))}
    for one in candidates:
        kept = best[one.field].column
        has_lost = one.field is not None and kept is not one.column
        reason = f"{one.reason}, but {kept.name} already has that field"
        yield replace(one, field=None, confidence=0.0, reason=reason) if has_lost else one


def complete_by_values(candidates: Sequence[ColumnCandidate]) -> list[ColumnCandidate]:
    """Return the candidates of a table with headings, completed by the values of columns with an empty heading.

    If no heading means the name, the column with an empty or unknown heading that looks like names is the name.
    """
    taken = {str(one.field).removeprefix("contact.") for one in candidates if one.field}
    completed = [one if one.column.heading.strip() else _complete_by_kind(one, taken) for one in candidates]
    has_name = any(one.field == "name" for one in completed)
    possible = [one for one in completed if not has_name and (one.is_unknown or not one.column.heading.strip())]
    return _add_name(completed, possible)


def _complete_by_kind(one: ColumnCandidate, taken: Container[str]) -> ColumnCandidate:
    """Return a candidate with the field of its values, unless a column with a heading has that field."""
    by_kind = _build_candidate_by_kind(one.column)
    return one if by_kind.field and by_kind.field.removeprefix("contact.") in taken else by_kind


def _find_name_column(columns: Sequence[SampledColumn]) -> SampledColumn | None:
    """Return the column that is filled in nearly every row and looks like names of organizations; None without one.

    Several columns may have words of organizations, such as a mission. The name comes first.
    """
    shares = [(_name_share(column), column) for column in columns if column.filled_share >= MIN_NAME_FILLED_SHARE]
    largest = max((share for share, _ in shares), default=0.0)
    likely = [column for share, column in shares if share >= max(MIN_FULL_NAME_SHARE, largest - NAME_SHARE_TOLERANCE)]
    return min(likely, key=lambda column: column.position, default=None)


def describe_values(column: SampledColumn) -> str | None:
    """Return what nearly all values are, such as "e-mail addresses"; None if they could be several things."""
    kind = _find_kind(column)
    return kind[1] if kind else _NAMES_DESCRIPTION if _name_share(column) >= MIN_NAME_SHARE else None


def _build_candidate_by_kind(column: SampledColumn) -> ColumnCandidate:
    if kind := _find_kind(column):
        return _build_candidate(column, kind[0], kind[1], VALUES_ONLY_CONFIDENCE)
    return ColumnCandidate(column, None, 0.0, f"the values of {column.name} are not recognized")


def _find_kind(column: SampledColumn) -> tuple[str, str, float] | None:
    """Return the field, its description and the share of matching values; None if no kind matches."""
    if len(column.values) < MIN_VALUES:
        return None
    shares = ((field, words, matching_share(column.values, matches)) for field, words, matches in _VALUE_KINDS)
    return next((kind for kind in shares if kind[2] >= MIN_MATCHING_SHARE), None)


def _name_share(column: SampledColumn) -> float:
    """Return the share of values that are certainly names of organizations; 0 if the column is not a list of names."""
    values = column.values
    distinct = len(set(values))
    min_share = MIN_DISTINCT_OF_MANY if distinct >= MANY_NAMES else MIN_DISTINCT_NAMES
    if len(values) < MIN_VALUES or distinct < min_share * len(values):
        return 0.0
    is_short = sum(map(len, values)) <= MAX_AVERAGE_NAME_LENGTH * len(values)
    return matching_share(values, value_patterns.has_organization_word) if is_short else 0.0


def _build_candidate(column: SampledColumn, field: str, words: str, confidence: float) -> ColumnCandidate:
    return ColumnCandidate(column, field, confidence, f"the values of {column.name} look like {words}")
