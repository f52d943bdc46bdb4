"""Optional online geocoding, with a rate limit and a cache on disk.

`seed.plan.online_geocoder` passes only streets that are published EXACT. No other address leaves this machine.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from geopy import Location as Answer
from geopy.exc import GeocoderNotFound
from geopy.geocoders import get_geocoder_for_service
from msgspec.structs import replace

from directory.drafts.geocoding import Geocode, geocode_street, limit_request_rate
from directory.errors import BadInput
from directory.gazetteer.postal_cache import CACHE_FOLDER_NAME, find_user_cache_folder
from directory.records import StoredLocation
from directory.text import fold
from seed.plan.diff import add_sources
from seed.plan.planned_row import OrganizationRow, RowAction
from seed.rows import Row
from seed.sources.dataset import Dataset

USER_AGENT = "membership-directory"
SERVICES = ("nominatim", "photon")  # these need no API key


def build_geocoder(service: str, *, domain: str | None = None, cache: Path | None = None) -> Geocode:
    """Return a geocoder for the service that caches its answers in `cache`, by default in the user's cache folder.

    `domain` is the host of a private instance: maps.example.org, or http://localhost:8080 without TLS. Raises BadInput for an
    unknown service.
    """
    if service not in SERVICES:
        raise BadInput(f'Unknown geocoding service "{service}"; use one of {", ".join(SERVICES)}.', argument="geocoder")
    try:
        geocoder_class = get_geocoder_for_service(service)
    except GeocoderNotFound as error:
        raise BadInput(f'The installed geopy does not support "{service}"; update geopy.', argument="geocoder") from error
    scheme, _, host = (domain or "").rpartition("://")
    options = {"domain": host} if host else {}
    geocoder = geocoder_class(user_agent=USER_AGENT, scheme=scheme or "https", **options)
    path = cache or find_user_cache_folder() / CACHE_FOLDER_NAME / f"geocoded-{service}.ndjson"
    return CachedGeocoder(limit_request_rate(geocoder), path)


class CachedGeocoder:
    """A geocoder with a cache file: one JSON line for each query and its point, or null if there was no answer.

    Each answer is saved at once, so an interrupted import can continue. Failures of the service are not saved.
    """

    def __init__(self, geocode: Geocode, path: Path) -> None:
        self._geocode = geocode
        self._path = path
        self._answers = dict(_read_cache(path))

    def __call__(self, query: str) -> Answer | None:
        """Return the cached or new answer; None if the service has none. Raises the errors of the service."""
        if query not in self._answers:
            answer = self._geocode(query)
            self._answers[query] = (answer.latitude, answer.longitude) if answer else None
            self._append_to_cache(query)
        point = self._answers[query]
        return Answer(query, point, {}) if point else None

    def _append_to_cache(self, query: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = "\n" + json.dumps({"query": query, "point": self._answers[query]})  # the last line may be incomplete
        with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(line)


def _read_cache(path: Path) -> list[tuple[str, tuple[float, float] | None]]:
    """Return the queries and answers in the file. Damaged lines are ignored, so their queries are sent again."""
    if not path.exists():
        return []
    answers: list[tuple[str, tuple[float, float] | None]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
            point = entry["point"]
            answers.append((entry["query"], (float(point[0]), float(point[1])) if point else None))
        except (ValueError, TypeError, KeyError, IndexError):
            continue
    return answers


def geocode_missing_points(item: OrganizationRow, dataset: Dataset, geocode: Geocode) -> OrganizationRow:
    """Return the item with points for the streets in its row that are disclosed EXACT and have no point.

    Raises Unavailable if the service cannot be reached.
    """
    if item.record_after is None or "sites" in item.proposed_fields or item.action in (RowAction.REJECT, RowAction.REVIEW):
        return item
    streets = set(_list_stated_streets(item.row))
    sites = tuple(geocode_street(site, geocode) if _folded_street(site) in streets else site for site in item.record_after.sites)
    if sites == item.record_after.sites:
        return item
    record = replace(item.record_after, sites=sites)
    if "sites" in item.changed_fields:
        return replace(item, record_after=record)
    record = add_sources(record, ["sites"], item.row, dataset)
    return replace(item, record_after=record, action=RowAction.UPDATE, changed_fields=(*item.changed_fields, "sites"))


def _list_stated_streets(row: Row) -> Iterator[str]:
    locations = row.fields.get("locations")
    for location in locations if isinstance(locations, list) else ():
        if isinstance(location, dict) and isinstance(location.get("street"), str):
            yield fold(location["street"])


def _folded_street(site: StoredLocation) -> str | None:
    return fold(site.private.street) if site.private and site.private.street else None
