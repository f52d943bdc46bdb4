"""Online geocoding, only where somebody switches it on: asked politely, each question once, the answers kept on disk.

`directory.drafts.geocoding.locate` asks only for streets that are published EXACT: no other address ever leaves this machine.
"""

import json
import os
from pathlib import Path

from geopy import Location as Answer
from geopy.exc import GeocoderNotFound
from geopy.geocoders import get_geocoder_for_service

from directory.drafts.geocoding import Geocode, limit_request_rate
from directory.errors import BadInput
from directory.gazetteer.postal_cache import CACHE_FOLDER_NAME, find_user_cache_folder

USER_AGENT = "membership-directory"
SERVICES = ("nominatim", "photon")  # those that need no key


def build_geocoder(service: str, *, domain: str | None = None, cache: Path | None = None) -> Geocode:
    """The service's question, remembered in `cache`, or in the user's cache folder.

    `domain` is where the service is, if it is somebody's own: maps.example.org, or http://localhost:8080 where it speaks no TLS.
    Raises BadInput for a service that is not known.
    """
    if service not in SERVICES:
        raise BadInput(f'"{service}" is no geocoding service here; take one of {", ".join(SERVICES)}.', argument="geocoder")
    try:
        kind = get_geocoder_for_service(service)
    except GeocoderNotFound as problem:
        raise BadInput(f'"{service}" is not known to geopy.', argument="geocoder") from problem
    scheme, _, host = (domain or "").rpartition("://")
    given = {"domain": host} if host else {}
    made = kind(user_agent=USER_AGENT, scheme=scheme or "https", **given)
    return CachedGeocoder(
        limit_request_rate(made), cache or find_user_cache_folder() / CACHE_FOLDER_NAME / f"geocoded-{service}.ndjson"
    )


class CachedGeocoder:
    """A geocoder's question and its answers so far, one a line in a file: what was asked once, also in vain, is not asked again.

    Each answer is kept as it comes, so that an import that was broken off goes on where it was. A failure of the service is not
    kept.
    """

    def __init__(self, ask: Geocode, path: Path) -> None:
        self._geocode = ask
        self._path = path
        self._answers = dict(_read_cache(path))

    def __call__(self, query: str) -> Answer | None:
        """Raises what the service raises."""
        if query not in self._answers:
            answer = self._geocode(query)
            self._answers[query] = (answer.latitude, answer.longitude) if answer else None
            self._append_to_cache(query)
        point = self._answers[query]
        return Answer(query, point, {}) if point else None

    def _append_to_cache(self, query: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = "\n" + json.dumps({"query": query, "point": self._answers[query]})  # what came before may have been cut off
        with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(line)


def _read_cache(path: Path) -> list[tuple[str, tuple[float, float] | None]]:
    """What is kept. A line that was cut off is asked again."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            kept = json.loads(line)
            point = kept["point"]
            found.append((kept["query"], (float(point[0]), float(point[1])) if point else None))
        except (ValueError, TypeError, KeyError, IndexError):
            continue
    return found
