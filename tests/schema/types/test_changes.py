"""The change feed: oldest first, resumed from its end."""

from base64 import urlsafe_b64encode

import msgspec
import pytest

from tests.schema.conftest import EVERYBODY, Ask

FEED = """query($first: Int, $after: String) {
  changes(first: $first, after: $after) {
    edges { cursor node { cursor } } nodes { at kind organizationId organization { id name } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


OF_ANOTHER_FEED = urlsafe_b64encode(msgspec.msgpack.encode((1, "events", 1))).decode()


@pytest.mark.parametrize("cursor", ["", "nonsense", "kwGnY2hhbmdlc__", "kwKnY2hhbmdlcwE", OF_ANOTHER_FEED])
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
    assert [one["organization"]["name"] for one in changes[:-1]] == [one.name for one in EVERYBODY]
    assert [edge["cursor"] for edge in first["edges"]] == [edge["node"]["cursor"] for edge in first["edges"]]
    assert first["pageInfo"]["startCursor"] == first["edges"][0]["cursor"]
    assert first["pageInfo"]["endCursor"] == first["edges"][-1]["cursor"]
    assert all(one["organizationId"] == one["organization"]["id"] for one in changes[:-1])
    end = rest["pageInfo"]["endCursor"]
    nothing = ask(FEED, after=end)["data"]["changes"]
    assert nothing["nodes"] == []
    assert nothing["pageInfo"]["endCursor"] == end
    assert nothing["pageInfo"]["startCursor"] is None


def test_the_cursor_of_a_list_is_none_of_the_feed(ask: Ask) -> None:
    other = ask("{ issueAreas(first: 1) { pageInfo { endCursor } } }")["data"]["issueAreas"]["pageInfo"]["endCursor"]
    assert ask(FEED, after=other)["errors"][0]["extensions"]["reason"] == "MALFORMED"


def test_a_cursor_of_another_format_tells_to_begin_anew(ask: Ask) -> None:
    older = urlsafe_b64encode(msgspec.msgpack.encode((0, "changes", 1))).decode().rstrip("=")
    assert ask(FEED, after=older)["errors"][0]["extensions"]["reason"] == "OLD_FORMAT"


def test_what_is_gone_is_told_by_its_id(ask: Ask) -> None:
    last = ask(FEED)["data"]["changes"]["nodes"][-1]
    assert last["kind"] == "REMOVED"
    assert last["organization"] is None
    assert last["organizationId"]


def test_a_cursor_that_was_given_out_years_ago_still_resumes_the_feed(ask: Ask) -> None:
    changes = ask(FEED, after="kwGnY2hhbmdlcwM")["data"]["changes"]
    assert changes["nodes"][0]["organization"]["name"] == EVERYBODY[3].name
