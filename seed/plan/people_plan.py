"""Plan rows about people: each becomes a contact of the organization that it names.

The organization is one that another row of the file states, or a stored record. If there is none, it is a possible organization:
the row waits for a decision, or its organization is created on request. A name of a person never leads to a record.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.draft_parts import LIST_LIMIT
from directory.drafts.geocoding import assign_location_ids
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.matching.evidence import Evidence, MatchResult, Verdict
from directory.matching.normalized_name import normalize_name
from directory.records import MembershipStatus, StoredContact, StoredOrganization
from seed.plan.merge_row import add_person
from seed.plan.planned_row import DuplicateCandidate, OrganizationRow, PlannedRow, RowAction
from seed.resolve.import_history import build_row_match
from seed.resolve.record_resolver import RecordResolver
from seed.resolve.row_statement import NEW_RECORD, Statement, list_problems, parse_statement
from seed.sources.dataset import Dataset

_PLANNED_ACTIONS = (RowAction.CREATE, RowAction.UPDATE)
_PROSPECT = {"membership": {"status": MembershipStatus.PROSPECT.value}}  # a person's row does not say that it is a member

BuildCandidate: TypeAlias = Callable[[MatchResult], DuplicateCandidate]


class _Group(Struct):
    """The rows that name the same organization and have the same answer of a person, by position in the plan."""

    statements: dict[int, Statement]

    @property
    def first(self) -> Statement:
        return next(iter(self.statements.values()))


class PeoplePlanner:
    """Attaches the rows about people to the planned rows of their organizations."""

    def __init__(
        self,
        items: list[OrganizationRow],
        resolver: RecordResolver,
        dataset: Dataset,
        today: dt.date,
        build_candidate: BuildCandidate,
        *,
        is_strict: bool = False,
    ) -> None:
        self.items, self._resolver, self._dataset, self._today = items, resolver, dataset, today
        self._build_candidate, self._is_strict = build_candidate, is_strict
        self.targets: dict[int, int] = {}  # position of a row about a person to that of the row with its organization
        self._positions_by_name: dict[str, list[int]] = {}
        self._positions_by_id: dict[str, int] = {}

    def attach(self, *, creates_organizations: bool) -> None:
        """Plan all rows about people. `creates_organizations` also creates the organizations that only they name."""
        groups = self._group_rows()
        for position, item in enumerate(self.items if groups else ()):
            self._index(position, item)
        for group in groups:
            try:
                self._plan_group(group, creates_organizations)
            except BadInput as error:
                self._reject(group.statements, list_problems(error))

    def reject_without_organization(self, items: Sequence[OrganizationRow]) -> list[OrganizationRow]:
        """Return the final items. A row about a person is refused if the row of its organization was refused later."""
        return (
            [self._follow_target(position, item, items) for position, item in enumerate(items)] if self.targets else list(items)
        )

    def _index(self, position: int, item: OrganizationRow) -> None:
        if item.row.is_person and item.record_after is None:
            return  # it states no organization, whether it is planned or refused
        if item.repeats is not None and (record := item.record_after or item.record_before):
            position = self._positions_by_id.get(record.id, position)
        elif item.record_after is not None:
            self._positions_by_id[item.record_after.id] = position
        for key in {_name_key(name) for name in _list_names(item)}:
            positions = self._positions_by_name.setdefault(key, [])
            positions += [] if position in positions[-1:] else [position]

    def _group_rows(self) -> list[_Group]:
        """Return the groups, those with a person's answer first: rows without one may be about the same organization."""
        groups: dict[tuple[str, str], _Group] = {}
        for position, item in enumerate(self.items):
            if item.action is not RowAction.CONTACT:
                continue
            row = replace(item.row, fallback_fields={**_PROSPECT, **item.row.fallback_fields})
            try:
                statement = parse_statement(row, key=self._dataset.key, today=self._today, is_strict=self._is_strict)
            except BadInput as error:
                self._reject({position: None}, list_problems(error))
                continue
            self.items[position] = replace(item, left_out=statement.left_out)
            key = (statement.same_as or "", _name_key(statement.record.name))
            groups.setdefault(key, _Group({})).statements[position] = statement
        return sorted(groups.values(), key=lambda group: group.first.same_as is None)

    def _plan_group(self, group: _Group, creates_organizations: bool) -> None:
        if group.first.same_as is not None:
            self._remember(group, is_decided=True)
        target = self._find_target(group.first)
        if target is not None:
            self._attach(group.statements, target)
            return
        is_new = group.first.same_as == NEW_RECORD
        statement = replace(group.first, same_as=None) if is_new else group.first
        resolution = self._resolver.resolve(statement, self._dataset.key)
        if resolution.left_removed:
            self._leave_removed(group, self._resolver.get_record(resolution.left_removed))
            return
        same = [match.id for match in resolution.candidates if match.verdict is Verdict.SAME]
        planned_id = resolution.id or (same[0] if len(same) == 1 else "")
        if planned_id in self._positions_by_id:
            self._attach(group.statements, self._positions_by_id[planned_id])
        elif resolution.id is not None:
            self._update(group, resolution.id, resolution.evidence)
        elif is_new or (creates_organizations and not resolution.candidates):
            self._create(group)
        else:
            candidates = tuple(map(self._build_candidate, resolution.candidates))
            for position in group.statements:
                self.items[position] = replace(self.items[position], action=RowAction.REVIEW, candidates=candidates)
            if candidates:
                self._remember(group, is_decided=False)

    def _leave_removed(self, group: _Group, record: StoredOrganization) -> None:
        """Skip the rows, because a person decided that the record of their organization stays removed."""
        for position in group.statements:
            self.items[position] = replace(self.items[position], action=RowAction.SKIP, left_removed=record, left_out=())
        self._remember(group, is_decided=True)

    def _remember(self, group: _Group, *, is_decided: bool) -> None:
        """Note with the first row what later imports must know of the group: that a person decided, or that there is a doubt."""
        if self._dataset.has_provenance:
            return
        position, statement = next(iter(group.statements.items()))
        row_match = build_row_match(statement, self._dataset.key, is_decided=is_decided)
        self.items[position] = replace(self.items[position], row_match=row_match)

    def _find_target(self, statement: Statement) -> int | None:
        """Return the position of the row of the file that states the organization; None if there is none, or several.

        Raises BadInput if that row is not imported.
        """
        answer = statement.same_as
        if answer is not None and answer != NEW_RECORD:
            return self._positions_by_id.get(self._resolver.find_id(answer) or "")
        positions = self._positions_by_name.get(_name_key(statement.record.name), [])
        if len(positions) != 1:
            return None
        item = self.items[positions[0]]
        if item.action not in _PLANNED_ACTIONS:
            sentence = f"Its organization is in row {item.row.number}, which needs a decision or a correction first."
            raise BadInput(sentence, argument="name")
        return positions[0]

    def _attach(self, statements: Mapping[int, Statement], target: int) -> None:
        item = self.items[target]
        assert item.record_after is not None  # noqa: S101 - only planned rows are targets
        for position, statement in statements.items():
            try:
                contacts = add_person(item.record_after.contacts, statement.record.contacts)
                _require_short_list(contacts, item.record_before)
            except BadInput as error:
                self._reject({position: statement}, list_problems(error))
                continue
            is_new = item.action is RowAction.CREATE
            fields = tuple(sorted({*item.changed_fields, "contacts"})) if is_new else item.changed_fields
            item = replace(item, record_after=replace(item.record_after, contacts=contacts), changed_fields=fields)
            if position != target:
                self.targets[position] = target
        self.items[target] = item

    def _update(self, group: _Group, id: str, evidence: tuple[Evidence, ...]) -> None:
        """Add the people of the group to a stored record, in the first row."""
        before, revision = self._resolver.find_with_revision(id)
        first = next(iter(group.statements))
        item = self.items[first]
        self._resolver.claim(id, item.row)
        self.items[first] = replace(
            item, action=RowAction.UPDATE, record_after=before, record_before=before, revision=revision, evidence=evidence
        )
        self._add_target(first, group)

    def _create(self, group: _Group) -> None:
        """Create the organization in the first row of the group."""
        first, statement = next(iter(group.statements.items()))
        item = self.items[first]
        id, slug = self._resolver.assign_id_and_slug(statement)
        sites = assign_location_ids(statement.record.sites, id)
        record = replace(statement.record, id=id, slug=slug, sites=sites, contacts=())
        self._resolver.add(record, item.row)
        fields = tuple(sorted(statement.stated_fields))
        self.items[first] = replace(item, action=RowAction.CREATE, record_after=record, changed_fields=fields)
        self._add_target(first, group)

    def _add_target(self, position: int, group: _Group) -> None:
        self._index(position, self.items[position])
        self._attach(group.statements, position)

    def _reject(self, positions: Mapping[int, Statement | None], problems: tuple[Problem, ...]) -> None:
        for position in positions:
            item = self.items[position]
            self.items[position] = PlannedRow(row=item.row, action=RowAction.REJECT, problems=(*problems, *item.left_out))

    def _follow_target(self, position: int, item: OrganizationRow, items: Sequence[OrganizationRow]) -> OrganizationRow:
        target = items[self.targets[position]] if position in self.targets else None
        if item.action is not RowAction.CONTACT or target is None or target.action is not RowAction.REJECT:
            return item
        sentence = f"Its organization is in row {target.row.number}, which was rejected. Correct that row first."
        return replace(item, action=RowAction.REJECT, problems=(Problem(("name",), ErrorCode.BAD_INPUT, sentence),), left_out=())


def _require_short_list(contacts: Sequence[StoredContact], before: StoredOrganization | None) -> None:
    if len(contacts) > max(LIST_LIMIT, len(before.contacts) if before else 0):
        sentence = f"The organization would have {len(contacts)} contacts, but at most {LIST_LIMIT} are allowed. Delete the row."
        raise BadInput(sentence, argument="contacts")


def _list_names(item: OrganizationRow) -> Iterator[str]:
    name = item.row.fields.get("name")
    if isinstance(name, str):
        yield name
    if item.record_after is not None:
        yield from (item.record_after.name, *(other.name for other in item.record_after.names))


def _name_key(name: str) -> str:
    """Return the words of the name without legal forms, by which the rows of one file are compared."""
    normalized = normalize_name(name)
    return " ".join(normalized.words) if normalized else name
