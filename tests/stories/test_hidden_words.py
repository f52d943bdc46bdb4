"""Nonsense words that only hidden records and hidden fields contain change no byte of any response, prices included."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import msgspec
import pytest

from directory.geo import Disclosure, Precision
from directory.live import Directory
from directory.records import Audience, NameKind, OrganizationName, PrivatePlace, StoredContact, StoredOrganization
from directory.store.ledger.edits import Network, Put
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id
from tests.stories.five_directories import SentResponse, read_response, send_get
from tests.stories.fragments import build_document
from tests.stories.http_client import serve
from tests.stories.query_parts import a_text, select_organizations
from tests.stories.test_hidden_names import OTHERS, Step, build_directory, puts, removes

pytestmark = pytest.mark.slow

MEMBERS, STAFF = Audience.MEMBERS, Audience.STAFF
# Words of no public record. "unionx" and "baj" are near to public ones, "alders" and "leagues" have the stem of public ones.
HIDDEN_WORDS = ("quillwort", "zumbador", "unionx", "baj", "alders", "leagues", "housingg")
TYPED_WORDS = (
    *HIDDEN_WORDS,
    *("quillwrt", "quill", "zum", "zumbadr", "unionz", "union", "alder", "leaguex", "housing", "housingh", "bay quillwort"),
    *('"quillwort zumbador"', "quillwort near atlanta", "zumbador housing", "alder unionx", "bay unionx"),
)


def hide_words(audience: Audience) -> list[StoredOrganization]:
    """Return records that only this audience sees, with all words in names, texts, and places."""
    words = " ".join(HIDDEN_WORDS)
    site = a_stored_location("Quillwort", id=an_id(f"site of {audience}"), disclosure=Disclosure.CITY, known=Precision.CITY)
    names = tuple(OrganizationName(word, NameKind.ACRONYM) for word in HIDDEN_WORDS)
    return [
        a_stored_organization(f"Quillwort Zumbador {audience}", audience=audience, names=names, sites=(site,)),
        a_stored_organization(f"Bay {audience}", audience=audience, summary=words, description=words, issue_areas=("housing",)),
        *(a_stored_organization(f"{word} {audience}", audience=audience) for word in HIDDEN_WORDS),
    ]


def a_public_record(word: str | None) -> StoredOrganization:
    """Return a public record with hidden fields. They contain the word."""
    private = PrivatePlace(f"1 {word} Street") if word else None
    site = msgspec.structs.replace(
        a_stored_location("Atlanta", id=an_id("site of cedar"), disclosure=Disclosure.CITY), name=word, private=private
    )
    contacts = (StoredContact(name=word, role=word, audience=MEMBERS),) if word else ()
    return a_stored_organization("Cedar League", sites=(site,), contacts=contacts, issue_areas=("tenants",))


RECORDS = [record for audience in (MEMBERS, STAFF) for record in hide_words(audience)]
WITH_WORDS: list[Step] = [puts(a_public_record("Zumbador")), puts(*RECORDS)]
WITHOUT_WORDS: list[Step] = [puts(a_public_record(None))]
REMOVED: list[Step] = [*WITH_WORDS, *map(removes, RECORDS)]


def build_documents() -> Iterator[str]:
    themes = 'issueAreas: { anyOf: ["housing"] }'
    for words in map(a_text, TYPED_WORDS):
        yield build_document(select_organizations("", f"query: {words}", "explained"))
        yield build_document(select_organizations(themes, f"query: {words}", "explained"))
        yield build_document(f"organizations(query: {words}) {{ ...explained }}")
        yield build_document(f"organizations(query: {words}) {{ ...counts }}")
        yield build_document(f"organizations(query: {words}) {{ map {{ ...drawn }} }}")
        yield f"{{ suggest(query: {words}, first: 20) {{ kind label search node {{ id }} }} }}"
        yield build_document(f"understand(query: {words}) {{ ...understood }}")
        yield build_document(f"organizations(words: {words}) {{ ...explained }}")
        yield build_document(f"organizations(words: {words}, filter: {{ {themes} }}) {{ ...counts }}")
        yield build_document(f"organizations(words: {words}) {{ understanding {{ ...understood }} }}")


DOCUMENTS = list(build_documents())


def build_pages() -> Iterator[str]:
    plan = "issue=housing&region=US-GA"
    for words in map(quote_plus, TYPED_WORDS):
        yield from (f"/?words={words}", f"/feed?words={words}", f"/events.ics?words={words}", f"/coverage?words={words}")
        yield from (f"/partners?organization={words}", f"/es/partners?organization={words}")
        yield from (f"/plan?{plan}&{key}={words}" for key in ("member", "words", "place", "include"))
        yield f"/plan?{plan}&filter={quote_plus(f'q={words}')}"


PAGES = list(build_pages())
RECONCILE = [f"/reconcile?queries={quote(msgspec.json.encode({'q': {'query': words}}))}" for words in TYPED_WORDS]


def choose_network(directory: Directory) -> None:
    """Make a public record the network, without which there are no pages."""
    directory.write([Put(OTHERS[0])], actor="test", now=NOW, reason="test", network=Network(OTHERS[0].id))


def fetch(folder: Path, steps: list[Step]) -> list[SentResponse]:
    with serve(build_directory(f"sqlite:///{folder / str(len(steps))}", [choose_network, *steps])) as client:
        answers = [read_response(send_get(client, document)) for document in DOCUMENTS]
        return [*answers, *(read_response(client.get(path)) for path in (*RECONCILE, *PAGES))]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[SentResponse]:
    """The responses of a directory that never had the hidden words."""
    return fetch(tmp_path_factory.mktemp("plain"), WITHOUT_WORDS)


@pytest.mark.parametrize("steps", [WITH_WORDS, REMOVED], ids=["hidden", "hidden and removed"])
def test_hidden_words_leave_no_trace(tmp_path: Path, plain: list[SentResponse], steps: list[Step]) -> None:
    for request, response, expected in zip([*DOCUMENTS, *RECONCILE, *PAGES], fetch(tmp_path, steps), plain, strict=True):
        assert response == expected, request


def test_the_words_of_public_records_are_found(tmp_path: Path, plain: list[SentResponse]) -> None:
    """Otherwise, the test above could not fail."""
    public = [msgspec.structs.replace(record, audience=Audience.PUBLIC) for record in hide_words(MEMBERS)]
    responses = fetch(tmp_path, [*WITHOUT_WORDS, puts(*public)])
    statuses = [status for status, _, _ in responses]
    assert set(statuses[: -len(PAGES)]) == {200}
    assert set(statuses[-len(PAGES) :]) == {200}
    assert sum(body != other for (_, _, body), (_, _, other) in zip(responses, plain, strict=True)) > len(responses) / 2
