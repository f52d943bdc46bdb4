"""Made-up events have hosts, places and dates like real ones, and reveal no city that a host hides."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from cli.fictional.events import FUTURE_DAYS, PAST_DAYS, build_events
from cli.fictional.organizations import fictional_id
from directory.drafts.free_text import find_text_problems
from directory.geo import Disclosure
from directory.kinds.event import EVENT, StoredEvent
from directory.published_places import determine_disclosure
from directory.records import Audience
from directory.vocabulary.slugs import check_slug, is_private_slug
from tests.cli.fictional.example_network import NOW, index_organizations, list_coalitions, list_events, list_organizations
from tests.cli.fictional.test_names import is_marked


def share(holds: Callable[[StoredEvent], object]) -> float:
    return sum(bool(holds(event)) for event in list_events()) / len(list_events())


def test_one_for_every_five_organizations() -> None:
    assert len(list_events()) == 1_000
    assert len(build_events(list_organizations()[:6], [], now=NOW)) == 1
    assert build_events(list_organizations()[:4], [], now=NOW) == []


def test_the_same_arguments_give_the_same_events() -> None:
    assert build_events(list_organizations(), list_coalitions(), now=NOW) == list_events()
    assert {one.id for one in build_events(list_organizations(), list_coalitions(), 2, NOW)}.isdisjoint(
        one.id for one in list_events()
    )


def test_every_event_is_valid() -> None:
    for event in list_events():
        assert not list(EVENT.find_violations(event))
        assert not list(find_text_problems(event))
        assert check_slug(event.slug) == event.slug
        assert is_private_slug(event.slug) == (event.audience is not Audience.PUBLIC)
        assert is_marked(event.name)
        assert all(".example/" in url for url in (event.online_url, event.registration_url) if url)
    assert len({event.slug for event in list_events()}) == len({event.id for event in list_events()}) == len(list_events())
    assert len({site.id for event in list_events() for site in event.sites}) == sum(len(event.sites) for event in list_events())


def test_all_references_are_valid() -> None:
    coalition_ids = {coalition.id for coalition in list_coalitions()}
    for event in list_events():
        assert event.coalition is None or event.coalition in coalition_ids
        assert all(host.organization is None or host.organization in index_organizations() for host in event.hosts)
        assert fictional_id(0) not in {host.organization for host in event.hosts}


def test_an_event_of_a_coalition_is_hosted_by_its_members() -> None:
    members = {coalition.id: {member.organization for member in coalition.members} for coalition in list_coalitions()}
    themes = {coalition.id: coalition.issue_areas for coalition in list_coalitions()}
    for event in (event for event in list_events() if event.coalition):
        assert {host.organization for host in event.hosts if host.organization} <= members[event.coalition or ""]
        assert set(event.issue_areas) <= set(themes[event.coalition or ""])


@pytest.mark.parametrize(
    ("lowest", "highest", "holds"),
    [
        (0.45, 0.65, lambda event: event.coalition),
        (0.45, 0.75, lambda event: event.sites),
        (0.30, 0.60, lambda event: event.online_url),
        (0.02, 0.07, lambda event: event.is_cancelled),
        (0.04, 0.14, lambda event: event.is_all_day),
        (0.08, 0.22, lambda event: any(host.actor for host in event.hosts)),
        (0.03, 0.20, lambda event: event.time_zone is None),
        (0.01, 0.20, lambda event: event.name.endswith("(ficticia)")),
        (0.01, 0.12, lambda event: event.audience is not Audience.PUBLIC),
        (0.10, 0.25, lambda event: event.starts_at > NOW),
    ],
)
def test_shares_are_as_intended(lowest: float, highest: float, holds: Callable[[StoredEvent], object]) -> None:
    assert lowest < share(holds) < highest


def test_dates_are_in_the_last_six_years_and_the_next_one() -> None:
    first, last = NOW - dt.timedelta(days=PAST_DAYS + 1), NOW + dt.timedelta(days=FUTURE_DAYS + 1)
    assert all(first <= event.starts_at <= last for event in list_events())
    assert len({event.starts_at.year for event in list_events()}) == 8


def test_a_series_has_a_record_for_each_date_at_the_same_local_time() -> None:
    series = Counter(event.name for event in list_events())
    dates = [event for event in list_events() if series[event.name] >= 5 and event.time_zone and not event.is_all_day]
    assert dates
    for name in {event.name for event in dates}:
        times = {event.starts_at.astimezone(ZoneInfo(event.time_zone or "")).time() for event in dates if event.name == name}
        assert len(times) == 1
    assert len({(event.name, event.starts_at) for event in dates}) == len(dates)


def test_an_event_of_whole_days_starts_and_ends_at_midnight() -> None:
    for event in (event for event in list_events() if event.is_all_day):
        moments = [moment for moment in (event.starts_at, event.ends_at) if moment]
        assert {moment.astimezone(dt.UTC).time() for moment in moments} == {dt.time()}


def test_places_reveal_no_city_that_a_host_hides() -> None:
    known = (Disclosure.EXACT, Disclosure.POSTAL_CODE, Disclosure.CITY)
    followed = 0
    for event in (event for event in list_events() if event.sites):
        hosts = [index_organizations()[host.organization] for host in event.hosts if host.organization]
        sites = [(site, host.issue_areas) for host in hosts for site in host.sites if site.city]
        published = {(site.city, site.state) for site, themes in sites if determine_disclosure(site, themes) in known}
        hidden = {(site.city, site.state) for site, _ in sites} - published
        assert (event.sites[0].city, event.sites[0].state) not in hidden
        followed += (event.sites[0].city, event.sites[0].state) in published
    assert followed > 100


def test_some_places_are_exact_and_some_are_hidden() -> None:
    disclosures = {event.sites[0].disclosure for event in list_events() if event.sites}
    assert {None, Disclosure.EXACT, Disclosure.HIDDEN} <= disclosures
    exact = [event.sites[0] for event in list_events() if event.sites and event.sites[0].disclosure is Disclosure.EXACT]
    assert all(site.private and site.private.street and site.private.point for site in exact)
