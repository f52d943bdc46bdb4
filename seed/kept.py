"""What is kept, and whom a row is about: by the keys that it names, else by likeness."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.matching import Evidence, EvidenceKind, Index, Judgement, Rarity, Verdict, judge, party
from directory.records import Audience, Entry, Identifier
from directory.store import Reading
from directory.written import SLUG_LIMIT, slug_of
from seed.came_back import SAME_AS
from seed.known_names import is_known
from seed.rows import Row
from seed.statement import NEW, Statement

NewId: TypeAlias = Callable[[], str]

BY_SOURCE = 25.0  # points of a source that had an organization under this name before
BY_KEY = 100.0  # points of a key that leads to one record, the most there are


class Whom(Struct, frozen=True):
    """`id` None: nobody here, or several may be meant (`likely`, best first). `evidence` says why it is `id`."""

    id: str | None = None
    evidence: tuple[Evidence, ...] = ()
    likely: tuple[Judgement, ...] = ()


def new_id() -> str:
    """The id of a new organization: random, as one made of its name would tell the name of a record that is hidden later."""
    return str(uuid4())


class Kept:
    """One state of the directory. Rows claim their records in it as they are planned."""

    def __init__(self, reading: Reading, new_id: NewId = new_id) -> None:
        self._new_id = new_id
        self.entries: dict[str, tuple[Entry, int]] = {}
        self._identifiers: dict[Identifier, str] = {}
        for entry, stamps in reading.entries():
            self.entries[entry.id] = (entry, stamps.revision)
            self._identifiers.update(dict.fromkeys(entry.identifiers, entry.id))
        self._slugs = reading.slugs()
        self._slugs_in_use = reading.slugs_in_use()
        self._merged = reading.merged()
        self._numbers: dict[str, int] = {}  # by slug without its number, the last one that was given
        self._removed = reading.last_known(set(self._slugs.values()) - self.entries.keys())
        # a list that states one of these must not make it visible as a new record
        self._removed_hidden = {id: entry for id, entry in self._removed.items() if entry.is_hidden}  # noqa: A001
        self._index: Index | None = None
        self._new: dict[str, Entry] = {}
        self._claims: dict[str, Row] = {}

    def entry(self, id: str) -> tuple[Entry | None, int]:  # noqa: A002
        """The record and the revision at which it was last changed; None and 0 for a new one."""
        return self.entries.get(id, (None, 0))

    def named(self, id: str) -> Entry:  # noqa: A002
        """The kept record, the new one of an earlier row, or one that was removed while it was hidden."""
        return self._new.get(id) or self._removed_hidden.get(id) or self.entries[id][0]

    def resolved(self, key: str) -> str | None:
        """The id of the record that an id or slug leads to, also one that was merged into it; None for neither."""
        return key if key in self.entries or key in self._claims else self._slugs.get(key, self._merged.get(key))

    def whom(self, statement: Statement, origin: str) -> Whom:
        """Whom the row of the source is about: its keys decide, else a record that is the same by all evidence.

        Raises BadInput when its keys lead to several records, to one that was removed, or to one that another row states too.
        """
        known = self._known(statement)
        if known is not None and known.id is not None:
            self._require_unclaimed(known.id)
            return known
        if self._hidden_before(statement) is not None:
            return Whom()
        if statement.id or statement.same_as == NEW:
            return Whom()
        return self._hidden_by_slug(statement) or self._alike(statement, origin)

    def claim(self, id: str, row: Row) -> None:  # noqa: A002
        self._claims[id] = row

    def identify(self, statement: Statement) -> tuple[str, str]:
        """An id and a slug for a new record. Raises BadInput when its name suggests none.

        The slug of a public record depends on public records alone; the store makes a private one for any other record.
        A record that was removed and comes back under its name, as after an import that was undone, gets its own again unless the
        evidence says that it is another.
        """
        wanted = statement.draft.slug or slug_of(statement.said.name)
        hidden = self._hidden_before(statement)
        if hidden is not None:
            return hidden, self._removed_hidden[hidden].slug
        before = self._slugs.get(wanted)
        if before is not None and self._comes_back(before, statement):
            return before, wanted
        id = statement.id or self._new_id()  # noqa: A001
        if statement.said.audience is not Audience.PUBLIC:
            self._slugs.setdefault(self._stem(wanted), id)
            return id, wanted
        slug = statement.draft.slug or self._free_slug(wanted)
        self._slugs_in_use.add(slug)
        self._slugs[slug] = id
        return id, slug

    def _hidden_by_slug(self, statement: Statement) -> Whom | None:
        """A hidden record that had the slug of the row, although nothing else tells that they are the same.

        The slug is free for another organization, but a list may state the hidden one under another name: a person decides.
        """
        owner = self._slugs.get(statement.draft.slug or "")
        hidden = self._removed_hidden.get(owner or "") or self.entries.get(owner or "", (None, 0))[0]
        if hidden is None or not hidden.is_hidden or hidden.id in self._claims or statement.draft.slug in self._slugs_in_use:
            return None
        return Whom(likely=(judge(party(statement.said), party(hidden), Rarity()),))

    def _hidden_before(self, statement: Statement) -> str | None:
        """The record that a person says the row is about, where it was removed while it was hidden."""
        known = self.resolved(statement.same_as) if statement.same_as else None
        return known if known in self._removed_hidden and known not in self._claims else None

    def _comes_back(self, id: str, statement: Statement) -> bool:  # noqa: A002
        if id in self.entries or id in self._claims:
            return False
        if id == statement.id:
            return True
        last = self._removed.get(id)
        return last is not None and judge(party(statement.said), party(last), Rarity()).verdict is not Verdict.DIFFERENT

    def add(self, entry: Entry, row: Row) -> None:
        """A new record: rows that come later may be about the same organization."""
        self.claim(entry.id, row)
        self._new[entry.id] = entry
        self._identifiers.update(dict.fromkeys(entry.identifiers, entry.id))
        if self._index is not None:
            self._index.add(party(entry))

    def meant(self, statement: Statement) -> set[str]:
        """The ids of the records that its keys lead to, whether they agree or not; an answer that leads nowhere is none."""
        return {id for id, _ in self._leading(replace(statement, same_as=self.resolved(statement.same_as or "")))}  # noqa: A001

    def is_claimed(self, id: str) -> bool:  # noqa: A002
        return id in self._claims

    def _known(self, statement: Statement) -> Whom | None:
        """The one record that the keys of the row lead to, with these keys as evidence."""
        self._require_unmerged(statement.id)
        found: dict[str, list[str]] = {}
        for id, key in self._leading(statement):  # noqa: A001
            found.setdefault(id, []).append(key)
        if len(found) > 1 or (found and statement.id is not None and statement.id not in found):
            raise BadInput(f"Its keys lead to different organizations ({self._told(found)}); correct or leave out the wrong one.")
        for id, keys in found.items():  # noqa: A001
            if id not in self.entries and id not in self._claims:
                sentence = f"What the row gives ({', '.join(keys)}) belonged to an organization that was removed; give another."
                raise BadInput(sentence, argument="slug")
            return Whom(id, tuple(Evidence(EvidenceKind.IDENTIFIER, key, BY_KEY) for key in keys))
        return None

    def _leading(self, statement: Statement) -> Iterator[tuple[str, str]]:
        """The records that keys of the row lead to, each with the key in words."""
        slug, answer = statement.draft.slug, statement.same_as
        for one in statement.said.identifiers:
            if one in self._identifiers:
                yield self._identifiers[one], f"{one.scheme} {one.value}"
        if slug in self._slugs and self._slugs[slug] != statement.id and self._is_meant_by(slug, statement):
            yield self._slugs[slug], f"slug {slug}"
        if answer is not None and answer != NEW and self._hidden_before(statement) is None:
            yield self._answered(answer), f"{SAME_AS} {answer}"
        if statement.id is not None and (statement.id in self.entries or statement.id in self._claims):
            yield statement.id, f"id {statement.id}"

    def _is_meant_by(self, slug: str, statement: Statement) -> bool:
        """Whether the slug is a key of the row. One that a hidden or removed record released may be another record's by now."""
        owner = self._slugs[slug]
        if slug in self._slugs_in_use or owner in self._claims:
            return True
        if owner not in self.entries or statement.id is not None:
            return False
        return judge(party(statement.said), party(self.entries[owner][0]), Rarity()).verdict is not Verdict.DIFFERENT

    def _told(self, found: Mapping[str, Sequence[str]]) -> str:
        """Which key leads to whom."""
        led = {whom: self.named(whom).slug if whom in self.entries else whom for whom in found}
        return "; ".join(f"{', '.join(keys)} to {led[whom]}" for whom, keys in found.items())

    def _answered(self, answer: str) -> str:
        known = self.resolved(answer)
        if known is None:
            sentence = f'"{answer}" is no organization here; give the id or slug of one, or "{NEW}".'
            raise BadInput(sentence, argument="same_as")
        return known

    def _require_unmerged(self, id: str | None) -> None:  # noqa: A002
        """What an earlier export says of a record that was merged since is no news of the one it was merged into."""
        survivor = self._merged.get(id) if id and id not in self.entries else None
        if survivor in self.entries:
            slug = self.entries[survivor][0].slug
            sentence = (
                f"The organization with this id was merged into {slug} since; give the id of that one, or leave this row out."
            )
            raise BadInput(sentence, argument="id")

    def _require_unclaimed(self, known: str) -> None:
        if known in self._claims:
            earlier = self._claims[known]
            raise BadInput(f"{earlier.file}, record {earlier.number}, states the same organization; put the two together.")

    def _alike(self, statement: Statement, origin: str) -> Whom:
        if self._index is None:
            self._index = Index(party(entry) for entry in self._all())
        likely = tuple(self._index.judgements(party(statement.said)))
        if any(one.id in self._removed_hidden for one in likely):
            return Whom(likely=likely)
        same = [one for one in likely if one.verdict is Verdict.SAME]
        if len(same) == 1 and not self.is_claimed(same[0].id):
            return Whom(same[0].id, same[0].evidence)
        again = self._stated_before(statement, origin, same or likely)
        if again is not None:
            said = Evidence(EvidenceKind.NAME, f'the same source, "{origin}", had it under this name', BY_SOURCE)
            return Whom(again.id, (*again.evidence, said))
        return Whom(likely=likely)

    def _stated_before(self, statement: Statement, origin: str, likely: Sequence[Judgement]) -> Judgement | None:
        """The record that this very source stated under this name: of several the likeliest, or the one of the same row."""
        own = [one for one in likely if not self.is_claimed(one.id) and self._is_from(one.id, origin, statement.said.name)]
        best = [one for one in own if one.score == own[0].score]
        rows = [one for one in best if statement.row.number in self._rows(one.id, origin)]
        return best[0] if len(best) == 1 else rows[0] if len(rows) == 1 else None

    def _is_from(self, id: str, origin: str, name: str) -> bool:  # noqa: A002
        entry, _ = self.entry(id)
        return entry is not None and is_known(name, entry) and any(source.origin == origin for source in entry.sources)

    def _rows(self, id: str, origin: str) -> set[int | None]:  # noqa: A002
        entry, _ = self.entry(id)
        return {source.row for source in entry.sources if source.origin == origin} if entry else set()

    def _all(self) -> Iterable[Entry]:
        return (*(entry for entry, _ in self.entries.values()), *self._new.values(), *self._removed_hidden.values())

    def _free_slug(self, slug: str) -> str:
        """That slug, with a number where another has it: an address would tell where a hidden place is."""
        if self._stem(slug) not in self._slugs_in_use:
            return slug
        stem = slug[: SLUG_LIMIT - 5].rstrip("-")
        number = self._numbers.get(stem, 2)
        while f"{stem}-{number}" in self._slugs_in_use:
            number += 1
        self._numbers[stem] = number  # chapters by the thousand have one name
        return f"{stem}-{number}"

    def _stem(self, slug: str) -> str:
        if not slug:
            raise BadInput("The name suggests no slug; give one.", argument="slug")
        return slug
