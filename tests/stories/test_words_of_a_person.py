"""Searches in plain words over the network's own records: who is found, and relaxations if there is no match."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from cli.search_report import SearchReport, build_search_report
from directory.live import Directory
from directory.records import Audience
from directory.search.snapshot import Snapshot

ARTE = "art-and-resistance-through-education"
CHICAGO = "chicago-anti-eviction-campaign"
LAW_CENTER = "national-homelessness-law-center"
MUSLIMS = "justice-for-muslims-collective"
NNIRR = "national-network-for-immigrant-and-refugee-rights"
PRISON = "aging-people-in-prison-human-rights-campaign"
WORKERS = "workers-center-for-racial-justice"


@pytest.fixture(scope="module")
def snapshot(seeded_url: str) -> Iterator[Snapshot]:
    with closing(Directory.open(seeded_url)) as directory:
        yield directory.get_snapshot(Audience.PUBLIC)


def list_slugs(report: SearchReport) -> list[str]:
    return [organization.slug for organization in report.organizations]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("art for young people in New York", [ARTE]),  # serves the city and publishes no location
        ("arte para jóvenes en Nueva York", [ARTE]),
        ("musulmanes en Washington", [MUSLIMS]),
        ("groups serving Washington", [MUSLIMS, PRISON, LAW_CENTER, NNIRR]),
        ("tenants in Chicago", [CHICAGO]),
        ("groups in Chicago", [CHICAGO, WORKERS, PRISON, LAW_CENTER, NNIRR]),
        ("based in Chicago", [CHICAGO, WORKERS]),
        ("groups serving Chicago", [PRISON, LAW_CENTER, NNIRR]),
        ("housing in Atlanta", [LAW_CENTER]),
        ("groups in or serving Georgia that work on housing", [LAW_CENTER]),
        ("worker centers in Illinois", [WORKERS]),
        ("US Human Rights Network", []),
        ("housing near Atlanta", [LAW_CENTER]),  # nationwide
        ("housing within 50 miles of Atlanta", []),
    ],
)
def test_plain_words_find_organizations(snapshot: Snapshot, words: str, expected: list[str]) -> None:
    assert list_slugs(build_search_report(snapshot, words, 20)) == expected


def test_the_network_is_found_among_non_members(snapshot: Snapshot) -> None:
    first = build_search_report(snapshot, "US Human Rights Network", 20).relaxations[0]
    assert (first.count, first.search) == (
        1,
        "q=US+Human+Rights+Network&membership=ACTIVE&membership=LAPSED&membership=NONE&membership=PROSPECT",
    )
