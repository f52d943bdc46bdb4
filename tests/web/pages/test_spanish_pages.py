"""Every page in Spanish has no English words, except in the texts of records."""

import re
from collections.abc import Collection, Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import islice
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from cli.fictional.network_records import build_other_records
from cli.fictional.organizations import generate_fictional_organizations
from directory.kinds.coalition import StoredCoalition
from directory.kinds.event import StoredEvent
from directory.kinds.instrument import StoredProvision
from directory.vocabulary.choice_labels import CHOICES
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from tests.web.pages.conftest import COUNT
from web.pages.feed import PATH as FEED_PATH
from web.pages.routes import PAGES
from web.pages.translations.catalog import read_catalog

pytestmark = pytest.mark.slow

# Words of English sentences that are no words of Spanish ones.
ENGLISH_WORDS = frozenset(
    """about above after all also an and any are as ask at be because been before below but by can could did do does each every
    find first for from get had have here how if in into is it its last less like list many may more most must near new nor not of
    off on one only or other our out please put read see should show so some such than that the their them then there these they
    this those to too under up very was we were what when where which while who whom why will with within without would you
    your january february march april june july august september october november december ago day days month months year years
    mile miles county state states city today yesterday""".split()  # noqa: SIM905 - a list of words is easier to read
)
BLOCKS = frozenset(
    """article aside body button caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 header label
    legend li main nav ol option p section select summary table td th title tr ul""".split()  # noqa: SIM905
)
SKIPPED = frozenset(("script", "style"))
VOID = frozenset(
    ("br", "hr", "img", "input", "link", "meta", "path", "circle", "use", "rect", "line", "polygon", "polyline", "wbr")
)
TEXT_ATTRIBUTES = ("alt", "aria-label", "aria-roledescription", "label", "placeholder", "title")
TEXT_META = ("description", "og:title", "og:description", "twitter:title", "twitter:description")
# In English in Spanish too
KEPT_NAMES = ("Braille Institute of America", "Open Font License", "Tri-Cities", "Inland Empire", "North Country")
NAMES = re.compile(  # these and "Prince George's County", "Salt Lake City", "Grants Pass, OR", "ME" and "news.example"
    "|".join(KEPT_NAMES)
    + r"|(?:[A-Z][\w.'-]* )+(?:City|County|Parish|Borough)\b"
    + r"|(?:[A-Z][\w.'-]*[ -])*[A-Z][\w.'-]*, [A-Z]{2}\b|\b[A-Z]{2}\b|[\w.@-]+\.\w{2,}"
)
OTHER_RECORDS = build_other_records(list(generate_fictional_organizations(COUNT)))
EXAMPLES = {  # values of the variable parts of paths
    "/themes/{slug}": ["housing", "gender-violence", "tenants"],
    "/communities/{slug}": ["tenants", "elders"],
    "/work-areas/{slug}": ["legal-services", "grantmaking"],
    "/places/{code}": ["US-GA", "US-GA-121", "US-SOUTH", "DEEP-SOUTH", "NAVAJO-NATION", "US-METRO-12060", "US"],
    "/coalitions/{slug}": [record.slug for record in OTHER_RECORDS if isinstance(record, StoredCoalition)][:4],
    "/events/{slug}": [record.slug for record in OTHER_RECORDS if isinstance(record, StoredEvent)][:6],
    "/instruments/{slug}": ["fictional-imaginary-review", "fictional-declaration-of-imaginary-rights"],
    "/instruments/{slug}/{provision}": [
        "fictional-imaginary-review/fictional-recommendation-1-1",
        "fictional-declaration-of-imaginary-rights/fictional-article-2",
    ],
    "/organizations/{slug}": [record.slug for record in islice(generate_fictional_organizations(COUNT), 12)],
}
SEARCHES = [
    "words=grupos de vivienda en Atlanta",
    "words=vivenda en Atlnta",  # misspelled
    "words=grupos en Springfield",  # ambiguous
    "words=desalojos en Xyzzyville",
    "words=vivienda cerca de mí",
    "words=grupos de vivienda con cuidado infantil en Georgia",
    "issue=housing",
    "issue=tenants&community=tenants&region=US-GA",
    "near=Atlanta, GA&radius=400",
    "near=Atlanta, GA&radius=400&unit=km&order=DISTANCE",
    "region=US-SOUTH&order=-VERIFIED",
    "issue=housing&kind=FUNDER&language=nv&region=US-VT",  # nothing is found
    "issue=nothing&region=US-XX&near=Nowhere at all&kind=X&after=nothing&radius=1",  # nothing is valid
    "q=" + "palabra " * 200,
    "order=NAME",
]
LISTS = [
    "/embed?issue=housing&region=US-GA",
    "/embed?view=map&issue=nothing",
    "/embed/snippet?issue=housing&view=map",
    "/embed/snippet?issue=nothing&frame=en",
    "/coalitions?theme=housing&status=ENDED&kind=ALLIANCE",
    "/coalitions?member=fictional",
    "/coalitions?words=supper&theme=nothing&after=nothing",
    "/events?when=past&theme=housing",
    "/coverage?within=US-SOUTH&goal=2&theme=housing&by=SERVING&nationwide=INCLUDE",
    "/coverage?kind=COUNTY&goal=0&theme=housng",
    "/coverage?kind=METRO_AREA",
    "/coverage?words=zzzzqqqq",
    "/partners?theme=housing&community=tenants&county=US-GA-121&work=organizing&seeks=legal-services&weight-distance=10&region=US-GA",
    "/partners?theme=housing&mode=SAME_PLACE_OTHER_THEMES",
    "/partners?theme=housing&mode=SEEKS_AND_OFFERS",
    "/partners?seeks=organizing&offers=legal-services&mode=SEEKS_AND_OFFERS&after=nothing",
    "/partners?organization=fictional&theme=housng&compare=nothing&weight-distance=101&county=US-GA-121&state=US-AL",
    "/partners?organization=network&theme=housing&compare=a&compare=b&compare=c&compare=d",
    "/partners?organization=nobody-at-all&mode=nothing",
    "/partners?theme=housing&mode=SAME_PLACE_OTHER_THEMES&state=US-GA&weight-places=0&weight-distance=0",
    "/plan",
    "/plan?issue=housing&issue=racial-justice&region=US-SOUTH&region=US-GU&per=2&nationwide=INCLUDE&max=9",
    "/plan?issue=housng&region=US-GEORGA&per=9&include=nobody&place=Springfield&search=version%3D1",
    "/events?month=2021-03",
    "/events?month=2199-12",
    "/events?words=vivienda en Georgia&region=US-GA",
    "/events?month=2021-13&coalition=nothing&host=nobody",
    "/instruments?theme=housing&members=no",
    "/instruments?words=palabra palabra",
    "/instruments/fictional-imaginary-review?response=Noted&members=yes",
]


class TextCollector(HTMLParser):
    """Collect what a visitor reads or hears: texts and attributes, without elements in another language and without addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._skipped_depth = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        is_skipped = tag in SKIPPED or values.get("translate") == "no" or not (values.get("lang") or "es").startswith("es")
        if tag not in VOID and (self._skipped_depth or is_skipped):
            self._skipped_depth += 1
        if tag in BLOCKS:
            self.parts.append("\n")
        if not self._skipped_depth:
            self.parts.extend(f"\n{values[name]}\n" for name in TEXT_ATTRIBUTES if values.get(name))
            if (values.get("name") or values.get("property")) in TEXT_META:
                self.parts.append(f"\n{values['content']}\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped_depth and tag not in VOID:
            self._skipped_depth -= 1
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped_depth:
            self.parts.append(data)


def read_lines(page: str) -> list[str]:
    """Return the texts of a page, one for each block or attribute."""
    collector = TextCollector()
    collector.feed(page)
    lines = (" ".join(line.split()) for line in "".join(collector.parts).split("\n"))
    return list(dict.fromkeys(line for line in lines if line))


@pytest.fixture(scope="module")
def record_texts() -> list[str]:
    """Return the texts of all records of the fictional network and other names of regions and counties, longest first."""
    others = [record for record in OTHER_RECORDS if not isinstance(record, StoredProvision)]
    records = [msgspec.to_builtins(record) for record in (*generate_fictional_organizations(COUNT), *others)]
    texts_of_provisions = [
        (record.summary, record.recommending_state) for record in OTHER_RECORDS if isinstance(record, StoredProvision)
    ]
    aliases = [alias for code in EXAMPLES["/places/{code}"] for alias in REGIONS.require(code).aliases]
    counties = [REGIONS.require(code).name.rpartition(" ")[0] for code in REGIONS.contained_codes("US-GA", RegionKind.COUNTY)]
    texts = {" ".join(text.split()) for text in iter_strings([records, texts_of_provisions, aliases, counties])}
    return sorted((text for text in texts if len(text) > 2), key=lambda text: (-len(text), text))


def iter_strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from iter_strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from iter_strings(part)


def find_english_words(page: str, record_texts: list[str], known_words: Collection[str] = ()) -> dict[str, list[str]]:
    """Return the lines with words of English sentences, or of English texts of the pages, and these words.

    Texts of records, abbreviations of states and `known_words` do not count.
    """
    lines = read_lines(page)
    english_words = (ENGLISH_WORDS | list_untranslated_words()) - set(known_words)
    present = [text for text in record_texts if any(text in line for line in lines)]
    own_texts = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in present) or "(?!)")
    found: dict[str, list[str]] = {}
    for line in lines:
        words = set(list_words(NAMES.sub(" ", own_texts.sub(" ", line)))) & english_words
        if words:
            found[line] = sorted(words)
    return found


@cache
def list_untranslated_words() -> frozenset[str]:
    """Return the words of the English texts that no Spanish text or label has."""
    english: set[str] = set()
    spanish = {word for choices in CHOICES.values() for choice in choices for word in list_words(choice.label("es"))}
    for message in read_catalog():
        english.update(list_words(str(message.id)))
        spanish.update(list_words(str(message.string)))
    return frozenset(english - spanish)


def list_words(text: str) -> list[str]:
    """Return the words of two letters or more, without markup and placeholders."""
    return [word.lower() for word in re.findall(r"\b[^\W\d_]{2,}\b", re.sub(r"<[^>]+>|%\(\w+\)[sd]|{\w+}", " ", text))]


def list_addresses() -> Iterator[str]:
    """Yield an address of every page that is HTML, with and without something found."""
    for path in PAGES:
        if "." not in path and path != FEED_PATH:
            yield from (re.sub(r"{.+}", value, path) for value in EXAMPLES.get(path, [""]))
    yield from (f"/?{search}" for search in SEARCHES)
    yield from (f"/places?name={name}" for name in ("Springfield", "Xyzzyville", "condado"))
    yield from LISTS
    yield from ("/no-such-page", "/organizations/no-such-organization")


def test_every_path_with_a_variable_part_has_examples() -> None:
    assert {path for path in PAGES if "{" in path and "." not in path} == set(EXAMPLES)


@pytest.mark.parametrize("address", list(list_addresses()))
def test_a_spanish_page_has_no_english_words(visitor: TestClient, record_texts: list[str], address: str) -> None:
    response = visitor.get(f"/es{address}")
    assert response.status_code in (200, 404, 414)
    assert '<html lang="es"' in response.text
    assert find_english_words(response.text, record_texts, list_words(address)) == {}
