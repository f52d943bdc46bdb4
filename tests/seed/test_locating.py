"""Which streets a geocoder is asked for: those alone that everybody will read."""

from geopy import Location as Answer

from directory.geo import Point, Precision
from directory.records import PrivatePlace
from directory.store import Store
from seed.items import Fate
from tests.seed.planning import at, planned, seeded

OPEN = at(disclosure="EXACT")
QUERY = "12 Peachtree St NE, Atlanta, GA, 30312, US"


class Service:
    def __init__(self, point: tuple[float, float] | None = (33.75, -84.39)) -> None:
        self.point, self.asked = point, list[str]()

    def __call__(self, query: str) -> Answer | None:
        self.asked.append(query)
        return Answer(query, self.point, {}) if self.point else None


def place_of(store: Store) -> PrivatePlace | None:
    ((entry, _),) = store.entries()
    return entry.sites[0].private


def test_a_street_that_will_be_told_is_asked_for_once(any_store: Store) -> None:
    service = Service()
    seeded(any_store, OPEN, geocode=service)
    assert place_of(any_store) == PrivatePlace("12 Peachtree St NE", Point(33.75, -84.39))
    assert planned(any_store, OPEN, geocode=service).items[0].fate is Fate.UNCHANGED
    assert service.asked == [QUERY]


def test_a_row_that_says_exact_of_a_hidden_place_sends_nothing_out(store: Store) -> None:
    service = Service()
    seeded(store, at())
    shelter = {**OPEN, "slug": "other", "name": "A House", "issue_areas": ["gender-violence"]}
    found = planned(store, OPEN, shelter, at(disclosure="CITY"), at(street=5, disclosure="EXACT"), geocode=service)
    assert found.counts[Fate.REFUSED] == 4
    assert service.asked == []
    seeded(store, OPEN, may_loosen=True)
    assert planned(store, OPEN, geocode=service).items[0].fate is Fate.CHANGED
    assert service.asked == [QUERY]


def test_a_point_that_is_kept_stays(store: Store) -> None:
    service = Service()
    seeded(store, at(disclosure="EXACT", latitude=33.7, longitude=-84.3))
    assert planned(store, OPEN, geocode=service).items[0].fate is Fate.UNCHANGED
    assert service.asked == []


def test_what_came_without_a_point_gets_one_later(store: Store) -> None:
    seeded(store, OPEN)
    (item,) = planned(store, OPEN, geocode=Service()).items
    assert (item.fate, item.fields) == (Fate.CHANGED, ("sites",))
    seeded(store, OPEN, geocode=Service())
    ((entry, _),) = store.entries()
    assert entry.sites[0].known is Precision.STREET
    assert [source.field for source in entry.sources].count("locations") == 1


def test_an_answer_elsewhere_is_not_used(store: Store) -> None:
    for point in ((0.0, 0.0), (42.36, -71.06), None):
        service = Service(point)
        (item,) = planned(store, OPEN, geocode=service).items
        assert item.entry is not None
        assert item.entry.sites[0].private == PrivatePlace("12 Peachtree St NE")
        assert service.asked == [QUERY]
