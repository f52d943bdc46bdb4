"""What each column most likely holds, by its heading, its values and its neighbours, before columns compete for fields."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from seed.columns import contents
from seed.columns.contents import share
from seed.columns.fitting import SUPPORTS, borne_out, contradicted, supported
from seed.columns.headings import OWN, means, vocabulary
from seed.columns.meaning import Meaning, read

MOSTLY = 0.5  # share of values that decides between fields with one heading
SURE = 0.9  # confidence by the heading from which a column settles what its neighbours mean
CONTRADICTED = 0.3  # what is left of the confidence when the values speak against the heading
BESIDE_A_PERSON = 0.85  # confidence that "Phone" right after "Contact person" is that person's
SHOWN = 2  # values that a reason quotes
LONGEST_SHOWN = 30  # characters of each


class Column(Struct, frozen=True):
    position: int  # from 0
    name: str  # its label
    heading: str  # as it stands in the table
    values: tuple[str, ...]  # those of the sample that say anything
    filled: float  # share of the sample


class Candidate(Struct, frozen=True):
    """`field` has no number in it; None where nothing is known. `number` and `whose` as in Meaning."""

    column: Column
    field: str | None
    confidence: float
    reason: str
    phrase: str = ""
    whose: str = OWN
    number: int = 0
    is_unknown: bool = False  # nobody knows its heading


def candidates(columns: Sequence[Column]) -> list[Candidate]:
    """One for each column, in their order."""
    readings = [read(column.heading) for column in columns]
    known = _Known([reading.meanings for reading in readings], columns)
    found = []
    for column, reading in zip(columns, readings, strict=True):
        if reading.kept_out:
            found.append(Candidate(column, None, 0.0, f'heading "{column.name}": {reading.kept_out}'))
        else:
            found.append(_candidate(column, known.chosen(reading.meanings, column.values)))
    return list(_beside_persons(found))


def _candidate(column: Column, meaning: Meaning | None) -> Candidate:
    if meaning is None:
        return Candidate(column, None, 0.0, f'heading "{column.name}" is not known', is_unknown=True)
    said = f'heading "{column.name}" {_verb(meaning)} {means(meaning.field)}'
    made = Candidate(column, meaning.field, meaning.confidence, said, meaning.phrase, meaning.whose, meaning.number)
    weaker = meaning.confidence * CONTRADICTED
    if _may_be_contradicted(meaning) and contradicted(meaning.field, column.values):
        return replace(made, confidence=weaker, reason=f"{said}, but the values do not look it: {_shown(column.values)}")
    if meaning.phrase in vocabulary().vague and not borne_out(meaning.field, column.values):
        return replace(made, confidence=weaker, reason=f"{said} perhaps, but the values do not bear it out")
    if meaning.confidence < 1 and supported(meaning.field, column.values):
        return replace(made, confidence=(1 + meaning.confidence) / 2, reason=f"{said}, and the values look it")
    return made


def _may_be_contradicted(meaning: Meaning) -> bool:
    """A field's own name that is no ordinary word, such as `issue_areas`, is meant as it stands."""
    return bool(meaning.phrase) or set("._:").isdisjoint(meaning.field)


def _shown(values: Sequence[str]) -> str:
    return ", ".join(f'"{value[:LONGEST_SHOWN]}"' for value in list(dict.fromkeys(values))[:SHOWN])


def _verb(meaning: Meaning) -> str:
    return "means" if meaning.confidence >= SURE else "probably means"


class _Known:
    """What the columns say together, which decides what a heading means that several fields share."""

    def __init__(self, readings: Sequence[tuple[Meaning, ...]], columns: Sequence[Column]) -> None:
        single = [(one[0], column) for one, column in zip(readings, columns, strict=True) if len(one) == 1]
        sure = [(one, column) for one, column in single if one.confidence >= SURE]
        self._single = [one for one, column in sure if not contradicted(one.field, column.values)]
        self._names = sum(any(one.field == "name" for one in meanings) for meanings in readings)

    def chosen(self, meanings: tuple[Meaning, ...], values: tuple[str, ...]) -> Meaning | None:
        if len(meanings) < 2:
            return meanings[0] if meanings else None
        by_field = {meaning.field: meaning for meaning in meanings}
        choose = next((choose for fields, choose in self._choices() if by_field.keys() == fields), None)
        return choose(by_field, values) if choose else None

    def _choices(self) -> Iterator[tuple[frozenset[str], Callable[[Mapping[str, Meaning], tuple[str, ...]], Meaning | None]]]:
        yield frozenset({"location.address", "location.street"}), self._address
        yield frozenset({"name", "contact.name"}), self._name
        yield frozenset({"name", "contact.role"}), self._title
        yield frozenset({"contact.name", "contact.email", "contact.phone"}), _contact
        yield frozenset({"id", "source_id"}), _id

    def _has(self, field: str, like: Meaning | None = None) -> bool:
        return any(
            one.field == field and (like is None or (one.whose, one.number) == (like.whose, like.number)) for one in self._single
        )

    def _address(self, meanings: Mapping[str, Meaning], values: tuple[str, ...]) -> Meaning | None:
        """Whole addresses, or streets where the city stands in a column of its own."""
        whole, street = meanings["location.address"], meanings["location.street"]
        if values and share(values, contents.is_whole_address) >= MOSTLY:
            return whole
        if share(values, contents.is_street) < MOSTLY and share(values, contents.is_city) >= MOSTLY:
            return replace(whole, field="location.city", confidence=whole.confidence * SURE)
        return street if values or self._has("location.city", whole) else whole

    def _name(self, meanings: Mapping[str, Meaning], values: tuple[str, ...]) -> Meaning | None:
        return meanings["contact.name" if self._has("name") else "name"]

    def _title(self, meanings: Mapping[str, Meaning], values: tuple[str, ...]) -> Meaning | None:
        has_person = any(one.field.startswith("contact.") for one in self._single)
        return meanings["contact.role" if has_person or self._names > 1 else "name"]


def _contact(meanings: Mapping[str, Meaning], values: tuple[str, ...]) -> Meaning | None:
    """A person, a mailbox or a number; None where one cell holds several of them."""
    if share(values, contents.is_email) >= SUPPORTS:
        return meanings["contact.email"]
    if share(values, contents.is_phone) >= SUPPORTS:
        return meanings["contact.phone"]
    is_mixed = share(values, lambda text: "@" in text or contents.digits(text) >= 7) >= 1 - SUPPORTS
    return None if is_mixed else meanings["contact.name"]


def _id(meanings: Mapping[str, Meaning], values: tuple[str, ...]) -> Meaning | None:
    """A record's id here is a UUID; anything else is the source's own number."""
    return meanings["id" if values and share(values, contents.is_uuid) >= SUPPORTS else "source_id"]


def _beside_persons(found: Sequence[Candidate]) -> Iterator[Candidate]:
    """ "E-mail" and "Phone" right after a contact person are that person's, unless the person has others.

    What is a person's is shown to fewer people than what is an organization's.
    """
    taken = {(one.field, one.whose, one.number) for one in found if one.field}
    person: Candidate | None = None
    for one in found:
        if one.field and one.field.startswith("contact."):
            person = one
        elif one.field not in ("email", "phone"):
            person = None
        elif person and one.phrase in vocabulary().bare and (f"contact.{one.field}", person.whose, person.number) not in taken:
            yield _of(person, one)
            continue
        yield one


def _of(person: Candidate, one: Candidate) -> Candidate:
    field = f"contact.{one.field}"
    reason = f'column "{one.column.name}" stands beside a contact person, so it is taken for {means(field)}'
    confidence = min(BESIDE_A_PERSON, one.confidence)
    return replace(one, field=field, whose=person.whose, number=person.number, confidence=confidence, reason=reason)
