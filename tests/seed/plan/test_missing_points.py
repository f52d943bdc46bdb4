"""Only published streets are sent to the geocoder."""

from geopy import Location as Answer

from directory.geo import Point, Precision
from directory.records import PrivatePlace
from directory.store.store import Store
from seed.plan.planned_row import RowAction
from tests.seed.plan_builders import plan_rows, record_with_location, seed_rows

OPEN = record_with_location(disclosure="EXACT")
QUERY = "12 Peachtree St NE, Atlanta, GA, 30312, US"


class Service:
    def __init__(self, point: tuple[float, float] | None = (33.75, -84.39)) -> None:
        self.point, self.queries = point, list[str]()

    def __call__(self, query: str) -> Answer | None:
        self.queries.append(query)
        return Answer(query, self.point, {}) if self.point else None


def stored_private_place(store: Store) -> PrivatePlace | None:
    ((record, _),) = store.load_organizations()
    return record.sites[0].private


def test_a_published_street_is_geocoded_once(any_store: Store) -> None:
    service = Service()
    seed_rows(any_store, OPEN, geocode=service)
    assert stored_private_place(any_store) == PrivatePlace("12 Peachtree St NE", Point(33.75, -84.39))
    assert plan_rows(any_store, OPEN, geocode=service).items[0].action is RowAction.SKIP
    assert service.queries == [QUERY]


def test_a_refused_row_that_states_exact_sends_nothing(store: Store) -> None:
    service = Service()
    seed_rows(store, record_with_location())
    shelter = {**OPEN, "slug": "other", "name": "A House", "issue_areas": ["gender-violence"]}
    plan = plan_rows(
        store,
        OPEN,
        shelter,
        record_with_location(disclosure="CITY"),
        record_with_location(street=5, disclosure="EXACT"),
        geocode=service,
    )
    assert plan.counts[RowAction.REJECT] == 4
    assert service.queries == []
    seed_rows(store, OPEN, may_loosen=True)
    assert plan_rows(store, OPEN, geocode=service).items[0].action is RowAction.UPDATE
    assert service.queries == [QUERY]


def test_a_stored_point_is_kept(store: Store) -> None:
    service = Service()
    seed_rows(store, record_with_location(disclosure="EXACT", latitude=33.7, longitude=-84.3))
    assert plan_rows(store, OPEN, geocode=service).items[0].action is RowAction.SKIP
    assert service.queries == []


def test_a_location_without_a_point_gets_one_later(store: Store) -> None:
    seed_rows(store, OPEN)
    (item,) = plan_rows(store, OPEN, geocode=Service()).items
    assert (item.action, item.changed_fields) == (RowAction.UPDATE, ("sites",))
    seed_rows(store, OPEN, geocode=Service())
    ((record, _),) = store.load_organizations()
    assert record.sites[0].known is Precision.STREET
    assert [source.field for source in record.sources].count("locations") == 1


def test_an_answer_in_another_place_is_ignored(store: Store) -> None:
    for point in ((0.0, 0.0), (42.36, -71.06), None):
        service = Service(point)
        (item,) = plan_rows(store, OPEN, geocode=service).items
        assert item.record_after is not None
        assert item.record_after.sites[0].private == PrivatePlace("12 Peachtree St NE")
        assert service.queries == [QUERY]
