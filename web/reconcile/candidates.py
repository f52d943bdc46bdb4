"""Which organizations a row of somebody's list may be: candidates by name and number, and what the comparison says of each.

Only what the public sees is compared. A row that names an organization by its id or number has that one candidate. Else
those are compared whose names share the words that tell most.
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
from directory.matching.decide import compare_features as judged_traits
from directory.matching.evidence import Evidence, EvidenceKind, MatchResult, Verdict
from directory.matching.match_record import MatchAddress, MatchRecord, build_published_match_record, extract_features
from directory.matching.token_frequency import TokenFrequency
from directory.records import Identifier, Organization
from directory.search.snapshot import Snapshot
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from schema.types import global_ids

MIN_COMPARED = 10  # organizations at least, of those that share words with a name
MAX_WORDS = 10  # of a name that are looked up
MAX_GATHERED = 1_000  # organizations that share a word, of whom the likest are compared
CERTAIN_SCORE = 100.0  # of the score, for who is asked for by id
QUERY_ID = ""  # stands for the id of who is asked about
EIN = "US-EIN"

_TOKEN_FREQUENCY = TokenFrequency()  # of names in general: what an answer says of one organization does not depend on others


class Row(Struct, frozen=True):
    """What is asked: a name, or an id or EIN in its place, and what else is known, by the properties' ids.

    No text is longer than limits.TEXT_LENGTH.
    """

    text: str = ""
    properties: Mapping[str, tuple[str, ...]] = {}
    kinds: frozenset[str] | None = None  # None for any
    limit: int = 5


class Candidate(Struct, frozen=True):
    organization: Organization
    result: MatchResult
    is_match: bool


def find_candidates(snapshot: Snapshot, row: Row) -> list[Candidate]:
    """Those that the row may be, best first. One is a match when it is the same organization, and no other is."""
    known = find_by_key(snapshot, row.text.strip())
    if known is not None:
        judged = [
            (
                known,
                MatchResult(known.id, Verdict.SAME, CERTAIN_SCORE, (Evidence(EvidenceKind.IDENTIFIER, "its id", CERTAIN_SCORE),)),
            )
        ]
    else:
        party = _build_match_record(row)
        asked = extract_features(party)
        compared = _find_comparable(snapshot, party, max(row.limit, MIN_COMPARED))
        judged = [
            (one, judged_traits(asked, extract_features(build_published_match_record(one)), _TOKEN_FREQUENCY)) for one in compared
        ]
    same = sum(judgement.verdict is Verdict.SAME for _, judgement in judged)
    found = [
        Candidate(one, judgement, same == 1 and judgement.verdict is Verdict.SAME)
        for one, judgement in judged
        if judgement.score > 0 and (row.kinds is None or one.kind in row.kinds)
    ]
    return sorted(found, key=_sort_key)[: row.limit]


def find_by_key(snapshot: Snapshot, key: str) -> Organization | None:
    """The organization with this id (ours, or that of GraphQL) or EIN; None for what is none. A slug may be a name, too."""
    if not key or len(key) > global_ids.MAX_ID_LENGTH:
        return None
    return snapshot.get_organization(_parse_id(key)) or snapshot.find_by_identifier(EIN, key)


def _parse_id(key: str) -> str:
    try:
        return str(UUID(key))
    except ValueError:
        pass
    try:
        return global_ids.parse_organization_id(key)
    except BadInput:
        return QUERY_ID


def _sort_key(one: Candidate) -> tuple[bool, float, str, str]:
    return one.result.verdict is not Verdict.SAME, -one.result.score, one.organization.name, one.organization.id


def _find_comparable(snapshot: Snapshot, record: MatchRecord, limit: int) -> list[Organization]:
    """Who bears one of its numbers is all there is."""
    numbered = (snapshot.find_by_identifier(number.scheme, number.value) for number in record.identifiers)
    found = {one.id: one for one in numbered if one is not None}
    return list(found.values()) or _find_namesakes(snapshot, record, limit)


def _find_namesakes(snapshot: Snapshot, record: MatchRecord, limit: int) -> list[Organization]:
    """Those whose names share most with the party's; of several alike those in its state."""
    index = snapshot.index
    words = list(dict.fromkeys(fold(record.name).split()))[:MAX_WORDS]
    holding = index.words.find_in_names(words)
    found = _gather_rows(holding)
    states = [rows for place in record.addresses if place.state and (rows := index.sets["located"][place.state])]
    members, weights = _to_array(found), np.zeros(len(found))
    for rows in (*holding, *states):
        weights[np.searchsorted(members, _to_array(found & rows))] += log(1 + len(index.rows.live_rows) / len(rows))
    ranks = index.rows.rank
    likest = sorted(_select_heaviest(members, weights, limit), key=lambda one: (-one[1], ranks[one[0]]))[:limit]
    return [index.rows[row] for row, _ in likest]


def _select_heaviest(rows: NDArray[np.uint32], weights: NDArray[np.float64], limit: int) -> list[tuple[int, float]]:
    """The rows that may be among the `most` heaviest, with their weights, so that few have to be put in their exact order."""
    least = np.partition(weights, -limit)[-limit] if len(weights) > limit else 0.0
    heavy = weights >= least
    return list(zip(rows[heavy].tolist(), weights[heavy].tolist(), strict=True))


def _to_array(rows: BitMap) -> NDArray[np.uint32]:
    return np.frombuffer(rows.to_array(), np.uint32)


def _gather_rows(row_sets: Sequence[BitMap]) -> BitMap:
    """The rows with all words, and of each that is not common, at most GATHERED in all, those of the rarest words first."""
    if not row_sets:
        return BitMap()
    found = BitMap(islice(BitMap.intersection(*row_sets), MAX_GATHERED))
    for rows in row_sets:
        if len(found) + len(rows) <= MAX_GATHERED:
            found |= rows
    return found


def _build_match_record(row: Row) -> MatchRecord:
    said = row.properties
    numbers = tuple(Identifier(EIN, written) for value in said.get("ein", ()) if (written := _normalize_ein(value)))
    return MatchRecord(
        QUERY_ID,
        row.text,
        identifiers=numbers,
        website=_first_value(said, "website"),
        emails=said.get("email", ()),
        phones=said.get("phone", ()),
        addresses=_build_addresses(said),
    )


def _normalize_ein(value: str) -> str | None:
    try:
        return normalize.normalize_identifier(EIN, value)
    except BadInput:
        return None


def _build_addresses(properties: Mapping[str, Sequence[str]]) -> tuple[MatchAddress, ...]:
    parts = {part: _first_value(properties, part) for part in ("street", "city", "postal_code")}
    state, country = (
        _find_region(_first_value(properties, "state"), RegionKind.STATE),
        _find_region(_first_value(properties, "country"), RegionKind.COUNTRY),
    )
    if not any((*parts.values(), state, country)):
        return ()
    return (MatchAddress(**parts, state=state, country=country or (state.partition("-")[0] if state else None)),)


def _find_region(words: str | None, kind: RegionKind) -> str | None:
    found = REGIONS.find(words) if words else ()
    return next((region.code for region in found if region.kind is kind), None)


def _first_value(properties: Mapping[str, Sequence[str]], name: str) -> str | None:
    return next((value for value in properties.get(name, ()) if value), None)
