"""A snapshot that fails at random, the same way each time it is asked the same."""

import datetime as dt
from random import Random
from typing import Any

from directory.errors import BadInput, Unavailable
from directory.question import Nationwide, Question, RegionMatch
from directory.question.record_question import RecordQuestion
from directory.records import Organization, PublishedRecord, RecordKind
from directory.search.record_result import RecordPage
from directory.search.search_result import SearchResult
from directory.search.snapshot import Snapshot


class FaultySnapshot(Snapshot):
    """A snapshot of which some questions, records and counts fail."""

    seed, rate = 0, 0.0

    def find(self, question: Question, today: dt.date | None = None) -> SearchResult:
        self._fail_sometimes(question)
        return super().find(question, today)

    def find_by_slug(self, slug: str) -> Organization | None:
        self._fail_sometimes(slug)
        return super().find_by_slug(slug)

    def get_organization(self, identity: str) -> Organization | None:
        self._fail_sometimes(identity)
        return super().get_organization(identity)

    def list_branches(self, identity: str) -> list[Organization]:
        self._fail_sometimes(identity, "branches")
        return super().list_branches(identity)

    def find_records(self, question: RecordQuestion) -> RecordPage:
        self._fail_sometimes(question)
        return super().find_records(question)

    def get_record(self, kind: RecordKind, identity: str) -> PublishedRecord | None:
        self._fail_sometimes(kind, identity)
        return super().get_record(kind, identity)

    def count_term(self, facet: str, slug: str) -> int:
        self._fail_sometimes(facet, slug)
        return super().count_term(facet, slug)

    def count_region(self, code: str, by: RegionMatch, nationwide: Nationwide) -> int:
        self._fail_sometimes(code, by, nationwide)
        return super().count_region(code, by, nationwide)

    def _fail_sometimes(self, *arguments: Any) -> None:
        random = Random(f"{self.seed} {arguments}")  # noqa: S311 - reproducible
        if random.random() < self.rate:
            raise random.choice([BadInput("Not this.", argument="a"), Unavailable("Later."), ValueError("boom"), KeyError(3)])


def build_faulty_snapshot(snapshot: Snapshot, seed: int, rate: float) -> FaultySnapshot:
    """Return a snapshot of the same records, of which about this share of requests for data fail."""
    parts = (
        snapshot.audience,
        snapshot.state,
        snapshot.views,
        snapshot.survivor_ids,
        snapshot.feed,
        snapshot.links,
    )
    faulty = FaultySnapshot(*parts)
    faulty.seed, faulty.rate = seed, rate
    return faulty
