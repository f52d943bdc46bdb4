"""The change feed: oldest first, and resumed from the end of a page."""

from base64 import urlsafe_b64encode

import msgspec
import pytest

from tests.schema.conftest import ALL_ORGANIZATIONS, Ask

FEED = """query($first: Int, $after: String) {
  changes(first: $first, after: $after) {
    edges { cursor node { cursor } } nodes { at kind organizationId organization { id name } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


CURSOR_OF_ANOTHER_FEED = urlsafe_b64encode(msgspec.msgpack.encode((1, "events", 1))).decode()


@pytest.mark.parametrize("cursor", ["", "nonsense", "kwGnY2hhbmdlc__", "kwKnY2hhbmdlcwE", CURSOR_OF_ANOTHER_FEED])
def test_a_bad_cursor_is_refused(ask: Ask, cursor: str) -> None:
    body = ask(FEED, after=cursor)
    assert body["data"] == {"changes": None}
    assert body["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


def test_the_feed_from_its_start_to_its_end_and_on(ask: Ask) -> None:
    first = ask(FEED, first=4)["data"]["changes"]
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    rest = ask(FEED, after=first["pageInfo"]["endCursor"])["data"]["changes"]
    assert (rest["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)
    changes = first["nodes"] + rest["nodes"]
    assert [change["organization"]["name"] for change in changes[:-1]] == [
        organization.name for organization in ALL_ORGANIZATIONS
    ]
    assert [edge["cursor"] for edge in first["edges"]] == [edge["node"]["cursor"] for edge in first["edges"]]
    assert first["pageInfo"]["startCursor"] == first["edges"][0]["cursor"]
    assert first["pageInfo"]["endCursor"] == first["edges"][-1]["cursor"]
    assert all(change["organizationId"] == change["organization"]["id"] for change in changes[:-1])
    end = rest["pageInfo"]["endCursor"]
    empty = ask(FEED, after=end)["data"]["changes"]
    assert empty["nodes"] == []
    assert empty["pageInfo"]["endCursor"] == end
    assert empty["pageInfo"]["startCursor"] is None


def test_the_cursor_of_another_list_is_refused(ask: Ask) -> None:
    other = ask("{ issueAreas(first: 1) { pageInfo { endCursor } } }")["data"]["issueAreas"]["pageInfo"]["endCursor"]
    assert ask(FEED, after=other)["errors"][0]["extensions"]["reason"] == "MALFORMED"


def test_a_cursor_of_an_outdated_format_is_refused(ask: Ask) -> None:
    older = urlsafe_b64encode(msgspec.msgpack.encode((0, "changes", 1))).decode().rstrip("=")
    assert ask(FEED, after=older)["errors"][0]["extensions"]["reason"] == "OLD_FORMAT"


def test_a_removed_organization_is_identified_by_its_id(ask: Ask) -> None:
    last = ask(FEED)["data"]["changes"]["nodes"][-1]
    assert last["kind"] == "REMOVED"
    assert last["organization"] is None
    assert last["organizationId"]


def test_an_old_cursor_still_resumes_the_feed(ask: Ask) -> None:
    changes = ask(FEED, after="kwGnY2hhbmdlcwM")["data"]["changes"]
    assert changes["nodes"][0]["organization"]["name"] == ALL_ORGANIZATIONS[3].name
