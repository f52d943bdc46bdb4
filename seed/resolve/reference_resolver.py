"""Find the records that a row refers to, such as the members of a coalition: each by its id or slug."""

from collections.abc import Iterator, Mapping
from typing import Any

from rapidfuzz import process

from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.kinds import KINDS
from directory.kinds.kind import list_part_types, list_reference_fields
from directory.records import RecordKind
from directory.store.read_transaction import ReadTransaction

MIN_SIMILARITY = 80.0  # percent, of a slug that is suggested
MAX_SUGGESTIONS = 100  # for one file: each is compared with all slugs
MAX_SHOWN_LENGTH = 100  # characters of an unknown key
Path = tuple[str | int, ...]


class ReferenceResolver:
    """The ids and slugs of all records in one transaction, and those that rows of the file will get."""

    def __init__(self, reading: ReadTransaction) -> None:
        self._survivor_ids = reading.load_final_survivors()
        self._ids = {kind: {one.id for one in reading.list_ids(kind)} for kind in RecordKind}
        self._suggestions_left = MAX_SUGGESTIONS
        self._slugs = {kind: reading.load_slug_targets(kind=kind) for kind in RecordKind}

    def add(self, kind: RecordKind, id: str, slug: str | None) -> None:
        """Let other rows refer to a record of the file."""
        self._ids[kind].add(id)
        if slug:
            self._slugs[kind].setdefault(slug, id)

    def find(self, kind: RecordKind, key: str) -> str | None:
        """Return the id of the record that has this id or slug, or of its survivor; None if there is none."""
        id = self._slugs[kind].get(key, key.lower())
        survivor = self._survivor_ids.get(id, id)
        return survivor if survivor in self._ids[kind] else None

    def resolve(self, kind: RecordKind, fields: Mapping[str, object], problems: list[Problem]) -> dict[str, object]:
        """Return the fields of a draft of a kind with ids instead of slugs. What is not found is added to the problems."""
        struct, resolved = KINDS[kind].stored_type, dict(fields)
        resolved.update(self._resolve_fields(list_reference_fields(struct), fields, (), problems))
        for name, item in list_part_types(struct):
            parts, references = fields.get(name), list_reference_fields(item)
            if references and isinstance(parts, list):
                resolved[name] = [
                    {**part, **dict(self._resolve_fields(references, part, (name, position), problems))}
                    if isinstance(part, dict)
                    else part
                    for position, part in enumerate(parts)
                ]
        return resolved

    def _resolve_fields(
        self, references: tuple[tuple[str, RecordKind], ...], values: Mapping[str, Any], path: Path, problems: list[Problem]
    ) -> Iterator[tuple[str, str]]:
        for name, kind in references:
            key = values.get(name)
            if isinstance(key, str) and key:
                id = self.find(kind, key.strip())
                if id is None:
                    problems.append(self._describe_unknown(kind, key.strip(), (*path, name)))
                else:
                    yield name, id

    def _describe_unknown(self, kind: RecordKind, key: str, path: Path) -> Problem:
        shown = key[:MAX_SHOWN_LENGTH]
        nearest = self._find_nearest_slug(kind, shown)
        advice = f"Did you mean {nearest}?" if nearest else "Add it first, or leave it out."
        sentence = f'There is no {kind.noun} with the id or slug "{shown}"; it may have been removed. {advice}'
        return Problem(path, ErrorCode.BAD_INPUT, sentence, {"value": shown})

    def _find_nearest_slug(self, kind: RecordKind, key: str) -> str | None:
        """Return the slug that is spelled most like a key; None if none is similar, or after MAX_SUGGESTIONS keys."""
        self._suggestions_left -= 1
        if self._suggestions_left < 0:
            return None
        nearest = process.extractOne(key, self._slugs[kind].keys(), score_cutoff=MIN_SIMILARITY)
        return nearest[0] if nearest else None
