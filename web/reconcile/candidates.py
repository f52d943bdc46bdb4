"""Find the organizations that a row of a list may refer to, and score them.

Only published records are compared. A row with an id or EIN in place of a name has one candidate. Otherwise, the row is compared
with the organizations whose names share its rarest words.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from math import log
from uuid import UUID

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.drafts import normalize
from directory.errors import BadInput
from directory.matching.decide import compare_features
from directory.matching.evidence import Evidence, EvidenceKind, MatchResult, Verdict
from directory.matching.match_record import MatchAddress, MatchRecord, build_published_match_record, extract_features
from directory.matching.token_frequency import TokenFrequency
from directory.records import Identifier, Organization
from directory.search.rows import Rows
from directory.search.snapshot import Snapshot
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from schema.types import global_ids
from web.reconcile.properties import EIN

MIN_COMPARED = 10  # compare at least this many organizations that share words with the name
MAX_WORDS = 10  # words of a name that are looked up
MAX_GATHERED = 1_000  # organizations that share a word; only the most similar of them are compared
CERTAIN_SCORE = 100.0  # the score of an organization named by its id
QUERY_ID = ""  # the row has no id of its own

_TOKEN_FREQUENCY = TokenFrequency()  # of names in general, so that a score does not depend on the other organizations


class Row(Struct, frozen=True):
    """One row of a list: a name, or an id or EIN in its place, and the values of properties by their ids.

    No text is longer than limits.TEXT_LENGTH.
    """

    text: str = ""
    properties: Mapping[str, tuple[str, ...]] = {}
    kinds: frozenset[str] | None = None  # None for all kinds
    limit: int = 5


class Candidate(Struct, frozen=True):
    """An organization that a row may refer to. `is_match` says that it is the only one that certainly is the same."""

    organization: Organization
    result: MatchResult
    is_match: bool


def find_candidates(snapshot: Snapshot, row: Row) -> list[Candidate]:
    """Return the organizations that the row may refer to, best first.

    A candidate is a match if it is judged to be the same organization and no other candidate is.
    """
    results = _compare_row(snapshot, row)
    same_count = sum(result.verdict is Verdict.SAME for _, result in results)
    candidates = [
        Candidate(organization, result, same_count == 1 and result.verdict is Verdict.SAME)
        for organization, result in results
        if result.score > 0 and (row.kinds is None or organization.kind in row.kinds)
    ]
    return sorted(candidates, key=_sort_key)[: row.limit]


def find_by_key(snapshot: Snapshot, key: str) -> Organization | None:
    """Return the organization with this id (ours or a GraphQL id) or EIN; None if there is none.

    Slugs are not looked up, because a slug may also be a name.
    """
    if not key or len(key) > global_ids.MAX_ID_LENGTH:
        return None
    return snapshot.get_organization(_parse_id(key)) or snapshot.find_by_identifier(EIN, key)


def _compare_row(snapshot: Snapshot, row: Row) -> list[tuple[Organization, MatchResult]]:
    organization = find_by_key(snapshot, row.text.strip())
    if organization is not None:
        evidence = Evidence(EvidenceKind.IDENTIFIER, "its id", CERTAIN_SCORE)
        return [(organization, MatchResult(organization.id, Verdict.SAME, CERTAIN_SCORE, (evidence,)))]
    record = _build_match_record(row)
    features = extract_features(record)
    return [
        (other, compare_features(features, extract_features(build_published_match_record(other)), _TOKEN_FREQUENCY))
        for other in _find_comparable(snapshot, record, max(row.limit, MIN_COMPARED))
    ]


def _parse_id(key: str) -> str:
    """Return our id for an id of either form; QUERY_ID, which no organization has, for anything else."""
    try:
        return str(UUID(key))
    except ValueError:
        pass
    try:
        return global_ids.parse_organization_id(key)
    except BadInput:
        return QUERY_ID


def _sort_key(candidate: Candidate) -> tuple[bool, float, str, str]:
    result, organization = candidate.result, candidate.organization
    return result.verdict is not Verdict.SAME, -result.score, organization.name, organization.id


def _find_comparable(snapshot: Snapshot, record: MatchRecord, limit: int) -> list[Organization]:
    """Return the organizations with one of the record's numbers; without any, those with a similar name."""
    numbered = (snapshot.find_by_identifier(number.scheme, number.value) for number in record.identifiers)
    by_id = {organization.id: organization for organization in numbered if organization is not None}
    return list(by_id.values()) or _find_namesakes(snapshot, record, limit)


def _find_namesakes(snapshot: Snapshot, record: MatchRecord, limit: int) -> list[Organization]:
    """Return the organizations whose names share the rarest words with the record; among equals, those in its state."""
    index = snapshot.index
    words = list(dict.fromkeys(fold(record.name).split()))[:MAX_WORDS]
    row_sets = index.words.find_in_names(words)
    gathered = _gather_rows(row_sets, index.rows)
    states = [rows for place in record.addresses if place.state and (rows := index.sets["located"][place.state])]
    row_numbers, weights = _to_array(gathered), np.zeros(len(gathered))
    for rows in (*row_sets, *states):
        weights[np.searchsorted(row_numbers, _to_array(gathered & rows))] += log(1 + len(index.rows.live_rows) / len(rows))
    ranks = index.rows.rank
    heaviest = sorted(_select_heaviest(row_numbers, weights, limit), key=lambda pair: (-pair[1], ranks[pair[0]]))
    return [index.rows[row] for row, _ in heaviest[:limit]]


def _select_heaviest(rows: NDArray[np.uint32], weights: NDArray[np.float64], limit: int) -> list[tuple[int, float]]:
    """Return the rows that may be among the `limit` heaviest, with their weights, so that few rows have to be sorted."""
    least = np.partition(weights, -limit)[-limit] if len(weights) > limit else 0.0
    heavy = weights >= least
    return list(zip(rows[heavy].tolist(), weights[heavy].tolist(), strict=True))


def _to_array(rows: BitMap) -> NDArray[np.uint32]:
    return np.frombuffer(rows.to_array(), np.uint32)


def _gather_rows(row_sets: Sequence[BitMap], rows_by_name: Rows) -> BitMap:
    """Return the rows that have all words, then those of each word, rarest words first, up to MAX_GATHERED rows.

    The first by name, not by number: numbers differ between processes, and depend on records that the public does not see.
    """
    if not row_sets:
        return BitMap()
    gathered = BitMap(islice(rows_by_name.iter_by_name(BitMap.intersection(*row_sets)), MAX_GATHERED))
    for rows in row_sets:
        if len(gathered) + len(rows) <= MAX_GATHERED:
            gathered |= rows
    return gathered


def _build_match_record(row: Row) -> MatchRecord:
    properties = row.properties
    identifiers = tuple(Identifier(EIN, ein) for value in properties.get("ein", ()) if (ein := _normalize_ein(value)))
    return MatchRecord(
        QUERY_ID,
        row.text,
        identifiers=identifiers,
        website=_first_value(properties, "website"),
        emails=properties.get("email", ()),
        phones=properties.get("phone", ()),
        addresses=_build_addresses(properties),
    )


def _normalize_ein(value: str) -> str | None:
    try:
        return normalize.normalize_identifier(EIN, value)
    except BadInput:
        return None


def _build_addresses(properties: Mapping[str, Sequence[str]]) -> tuple[MatchAddress, ...]:
    parts = {part: _first_value(properties, part) for part in ("street", "city", "postal_code")}
    state = _find_region(_first_value(properties, "state"), RegionKind.STATE)
    country = _find_region(_first_value(properties, "country"), RegionKind.COUNTRY)
    if not any((*parts.values(), state, country)):
        return ()
    return (MatchAddress(**parts, state=state, country=country or (state.partition("-")[0] if state else None)),)


def _find_region(words: str | None, kind: RegionKind) -> str | None:
    regions = REGIONS.find(words) if words else ()
    return next((region.code for region in regions if region.kind is kind), None)


def _first_value(properties: Mapping[str, Sequence[str]], name: str) -> str | None:
    return next((value for value in properties.get(name, ()) if value), None)
