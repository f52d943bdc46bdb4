from directory.geo import Disclosure
from directory.store import Store
from seed.plan import Fate
from tests.seed.planning import at, planned, seeded, the_item


def test_an_import_tightens_visibility_and_loosens_it_only_when_told_to(store: Store) -> None:
    seeded(store, at(disclosure="CITY") | {"contacts": [{"name": "A. Person", "audience": "PUBLIC"}]})
    tight = at() | {"audience": "STAFF", "contacts": [{"name": "A. Person"}]}
    assert planned(store, tight).items[0].fate is Fate.CHANGED
    seeded(store, tight)
    loose = at(disclosure="CITY") | {"contacts": [{"name": "A. Person", "audience": "PUBLIC"}]}
    refused = planned(store, loose).items[0]
    assert [problem.path for problem in refused.problems] == [
        ("audience",),
        ("locations", 0, "disclosure"),
        ("contacts", 0, "audience"),
    ]
    allowed = planned(store, loose, may_loosen=True).items[0]
    assert allowed.fate is Fate.CHANGED
    assert allowed.entry is not None
    assert allowed.entry.sites[0].disclosure is Disclosure.CITY


def test_dropping_a_theme_does_not_uncover_a_shelter(store: Store) -> None:
    place = [{"city": "Atlanta", "state": "GA"}]
    seeded(store, {"slug": "tu", "name": "Shelter", "issue_areas": ["gender-violence"], "locations": place})
    item = the_item(store, slug="tu", name="Shelter", issue_areas=["housing"], locations=place)
    assert item.fate is Fate.REFUSED
    assert item.problems[0].path == ("locations", 0, "disclosure")
