"""What a newcomer types, asked of the network's own records: who is found, and the way on where nobody is."""

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


def slugs(answer: SearchReport) -> list[str]:
    return [one.slug for one in answer.organizations]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("art for young people in New York", [ARTE]),  # which serves the city and tells no place of its own
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
        ("housing near Atlanta", []),
    ],
)
def test_who_is_found(snapshot: Snapshot, words: str, found: list[str]) -> None:
    assert slugs(build_search_report(snapshot, words, 20)) == found


def test_the_network_is_found_among_those_that_are_no_members(snapshot: Snapshot) -> None:
    first = build_search_report(snapshot, "US Human Rights Network", 20).relaxations[0]
    assert (first.count, first.search) == (
        1,
        "q=US+Human+Rights+Network&membership=ACTIVE&membership=LAPSED&membership=NONE&membership=PROSPECT",
    )
