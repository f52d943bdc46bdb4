"""Registered numbers such as EINs: whose they are, and whether a row with one is about its owner.

The projects of a fiscal sponsor often state its EIN as theirs. A number is stored with one record only.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.matching.decide import compare_records
from directory.matching.evidence import EvidenceKind, MatchResult, Verdict
from directory.matching.match_record import build_match_record
from directory.matching.token_frequency import TokenFrequency
from directory.records import SOURCE_SCHEME_PREFIX, Identifier, StoredOrganization
from seed.resolve.row_statement import Statement, is_known_name, list_source_rows


class RegisteredNumbers:
    """The identifiers of all records, and those of the rows that will be resolved."""

    def __init__(self) -> None:
        self._owners: dict[Identifier, str] = {}
        self._expected = Counter[Identifier]()
        self._is_register = False

    def add(self, record: StoredOrganization) -> None:
        self._owners.update(dict.fromkeys(record.identifiers, record.id))

    def expect(self, statements: Iterable[Statement], *, is_register: bool) -> None:
        """Count the numbers of all rows of a list. `is_register`: it is the list of the authority that assigns them."""
        self._is_register = is_register
        self._expected = Counter(number for one in statements for number in one.record.identifiers)

    def find_owners(self, statement: Statement) -> Iterator[tuple[str, str]]:
        """Yield the id of each record that has a number of the row, and the number in words."""
        for number in statement.record.identifiers:
            if number in self._owners:
                yield self._owners[number], format_number(number)

    def are_enough(
        self, keys: Sequence[str], statement: Statement, owner: StoredOrganization, streets: Mapping[str, str], origin: str | None
    ) -> bool:
        """Return whether the keys of a row lead to its record without further evidence, or the rest of the row confirms them.

        Only registered numbers need this: a similar name confirms them, and the same street does in a register. A list that has a
        number once is taken to have renamed or moved the organization that it stated before. `origin` is the key of the list,
        None if another row of the list is about the owner.
        """
        numbers = [one for one in statement.record.identifiers if not one.scheme.startswith(SOURCE_SCHEME_PREFIX)]
        if not statement.has_name or not set(keys) <= set(map(format_number, numbers)):
            return True
        if is_known_name(statement.record.name, owner):
            return True
        if origin is not None and list_source_rows(owner, origin) and all(self._expected[number] <= 1 for number in numbers):
            return True
        result = compare(statement, owner, streets)
        is_at_street = any(part.kind is EvidenceKind.STREET for part in result.evidence)
        return result.verdict is Verdict.SAME or (self._is_register and is_at_street)

    def leave_out_others(self, statement: Statement, id: str | None) -> Statement:
        """Return the statement for the record with this id, None for a new one, without the numbers of other records.

        They are reported as left out.
        """
        record = statement.record
        others = [number for number in record.identifiers if self._owners.get(number, id) != id]
        if not others:
            return statement
        own = tuple(number for number in record.identifiers if number not in others)
        left_out = (*statement.left_out, *map(_explain_number, others))
        return replace(statement, record=replace(record, identifiers=own), left_out=left_out)


def format_number(number: Identifier) -> str:
    return f"{number.scheme} {number.value}"


def compare(statement: Statement, record: StoredOrganization, streets: Mapping[str, str]) -> MatchResult:
    """Compare a row with one record. `streets` has the private streets by the ids of locations."""
    return compare_records(build_match_record(statement.record), build_match_record(record, streets), TokenFrequency())


def _explain_number(number: Identifier) -> Problem:
    sentence = (
        f"{format_number(number)} belongs to another organization, perhaps to the fiscal sponsor of this one, and was left "
        "out. Delete it from this row, or enter that organization in same_as if the row is about it."
    )
    return Problem(("identifiers",), ErrorCode.BAD_INPUT, sentence)
