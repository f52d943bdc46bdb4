"""Parse the locations of a row: their cells become fields of LocationDrafts.

Rows of a list repeat their cities, states and ZIP codes, so all parts of a location but the street are read together and once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import asdict

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Disclosure
from directory.vocabulary.region_files import Region
from directory.vocabulary.regions import HOME_COUNTRY
from seed.clean.cleaning_log import CleaningLog, CleaningResult, DraftPath, ValueCache
from seed.clean.values import addresses, areas, choices, service_areas
from seed.clean.values.plain_text import FlatTexts, GroupTexts, name_group

_TEXT_PARTS = ("name", "street", "city", "county", "state", "postal_code", "country")
PARTS = (*_TEXT_PARTS, "latitude", "longitude", "disclosure")
_STREET_PARTS = ("street", "street2")
_AREA_PARTS = ("city", "county", "state", "country")


LocationRepair = tuple[str, str, object, tuple[str, ...]]  # part whose cell it is, text before and value after, reasons


class Place(Struct, frozen=True):
    """What cells of a location state. `sources` leads from parts to the part whose cell they came from.

    Each of the `problems` has its part, the part whose cell it is about, and the error.
    """

    values: Mapping[str, object]
    sources: Mapping[str, str]
    repairs: tuple[LocationRepair, ...]
    problems: tuple[tuple[str, str, BadInput], ...] = ()


def parse_locations(groups: GroupTexts, cells: FlatTexts, log: CleaningLog) -> dict[str, object]:
    """Return `locations` in the order of their numbers, without empty ones; {} if there are none.

    `groups` are the texts of the locations by number. Words that name an area of service, such as "Statewide", move to `cells`.
    """
    locations: list[dict[str, object]] = []
    for number, flat in groups.items():
        prefix = name_group("location", number)
        _move_wide_areas(number, flat, cells, log)
        if any(text is not None for text in flat.values()):
            location = _parse_location(flat, prefix, ("locations", len(locations)), log)
            locations += [location] if any(value is not None for value in location.values()) else []
    return {"locations": locations} if locations else {}


def find_country_and_state(draft_fields: Mapping[str, object]) -> tuple[str, str | None]:
    """Return the country and the state (region code or None) of the first location.

    The country is that of telephone numbers without a country code; the state is what "statewide" means.
    """
    locations = draft_fields.get("locations")
    if not (isinstance(locations, list) and locations):
        return HOME_COUNTRY, None
    country, state = locations[0].get("country", HOME_COUNTRY), locations[0].get("state")
    has_letters = isinstance(state, str) and len(state) == 2 and country == HOME_COUNTRY
    is_code = isinstance(country, str) and len(country) == 2
    return country if is_code else HOME_COUNTRY, f"{HOME_COUNTRY}-{state}" if has_letters else state


def _move_wide_areas(number: int, flat: dict[str, str | None], cells: FlatTexts, log: CleaningLog) -> None:
    """Remove words that name no place: "Statewide" is an area that the organization serves, and "Various" nothing."""
    for part in _AREA_PARTS:
        text = flat.get(part)
        if not text:
            continue
        field = f"{name_group('location', number)}.{part}"
        if not log.values.call(areas.names_no_area, text):
            continue
        if areas.is_no_place(text):
            path = ("locations", number, part)
            log.set_path_heading(path, field)
            log.add_problem(path, BadInput(f"This is not a {part}. Write where the organization is, or nothing."))
            del flat[part]
        else:
            log.add_repair(field, text, "", ("read as the area that it serves",))
            del flat[part]
            if not cells.get(service_areas.SERVICE_AREAS_FIELD):
                cells[service_areas.SERVICE_AREAS_FIELD] = text
                log.set_heading(service_areas.SERVICE_AREAS_FIELD, log.find_heading(field))


def _parse_location(flat: Mapping[str, str | None], prefix: str, path: DraftPath, log: CleaningLog) -> dict[str, object]:
    """Return the fields of a LocationDraft that the cells state.

    `flat` holds plain texts by part, such as "city"; None clears a part. Unusable values become problems in `log`. An unknown
    state or ZIP code is returned as written: geocoding refuses it with suggestions.
    """
    parts = tuple([(part, text) for part, text in flat.items() if text is not None and part not in _STREET_PARTS])
    place = log.values.call(read_place, parts, log.values)
    street = _read_street(flat, place)
    values = {**place.values, **street.values}
    for part, before, after, reasons in (*place.repairs, *street.repairs):
        log.add_repair(f"{prefix}.{part}", before, after, reasons)
    for part, source, error in place.problems:
        log.set_path_heading((*path, part), f"{prefix}.{source}")
        log.add_problem((*path, part), error)
    stated = {part: values[part] for part in PARTS if values.get(part) is not None}
    for part in stated:
        log.set_path_heading((*path, part), f"{prefix}.{street.sources.get(part) or place.sources[part]}")
    return {**{part: None for part in PARTS if part in flat and flat[part] is None and part not in stated}, **stated}


def _read_street(flat: Mapping[str, str | None], place: Place) -> Place:
    """Return the street, joined from its lines, and the disclosure HIDDEN if the cell says "CONFIDENTIAL" instead of a street."""
    lines: list[str] = []
    sources: dict[str, str] = {}
    repairs: list[LocationRepair] = []
    values: dict[str, object] = {"street": None}
    for part, text, source in _list_street_lines(flat, place):
        if addresses.is_confidential(text):
            repairs.append((source, text, "", ("confidential: the location is hidden",)))
            if "disclosure" not in place.values:
                values["disclosure"], sources["disclosure"] = Disclosure.HIDDEN, source
            continue
        result = addresses.clean_street(text)
        if result.reasons:
            repairs.append((source, text, result.value or "", result.reasons))
        if result.value:
            lines += [result.value] if result.value not in lines else []
            sources.setdefault("street", "street" if part == "street2" and "street" in flat else source)
    if lines:
        values["street"] = ", ".join(lines)
    return Place(values, sources, tuple(repairs))


def _list_street_lines(flat: Mapping[str, str | None], place: Place) -> Iterator[tuple[str, str, str]]:
    """Yield the part, the text and the part whose cell it is from, for each line of the street. An address may have the first."""
    if text := flat.get("street"):
        yield "street", text, "street"
    elif isinstance(in_address := place.values.get("street"), str):
        yield "street", in_address, place.sources["street"]
    if text := flat.get("street2"):
        yield "street2", text, "street2"


class _PlaceCells:
    """The cells of one location while they are read. A part may come from the cell of another: a state may follow the city."""

    def __init__(self, stated: Iterable[tuple[str, str]], cache: ValueCache) -> None:
        self.cache = cache
        self.texts = dict(stated)
        self.sources = {part: part for part in self.texts}
        self.repairs: list[LocationRepair] = []
        self.problems: list[tuple[str, str, BadInput]] = []

    def get(self, part: str) -> str | None:
        return self.texts.get(part)

    def fill_if_missing(self, part: str, value: str | None, source: str) -> None:
        """Set a part that was found in the cell of `source`, unless the part has a value of its own."""
        if value is not None and part not in self.texts:
            self.texts[part] = value
            self.sources[part] = self.sources[source]

    def add_problem(self, part: str, error: BadInput) -> None:
        self.problems.append((part, self.sources[part], error))
        del self.texts[part]

    def add_repair(self, part: str, before: str, after: object, reasons: tuple[str, ...]) -> None:
        if reasons:
            self.repairs.append((self.sources[part], before, after, reasons))

    def replace(self, part: str, result: CleaningResult[str]) -> None:
        self.add_repair(part, self.texts[part], result.value, result.reasons)
        self.texts[part] = result.value


def read_place(stated: tuple[tuple[str, str], ...], cache: ValueCache) -> Place:
    """Return what the plain texts of a location state, given with their parts. The street is not among them."""
    cells = _PlaceCells(stated, cache)
    _read_country(cells)
    _read_address(cells)
    _read_state(cells)
    _read_city(cells)
    if (text := cells.get("postal_code")) is not None and _is_home(cells):
        cells.replace("postal_code", cells.cache.call(areas.clean_postal_code, text, cells.get("state")))
    if (text := cells.get("county")) is not None and _is_home(cells):
        cells.replace("county", cells.cache.call(areas.clean_county, text))
    values: dict[str, object] = {part: cells.texts[part] for part in _TEXT_PARTS if part in cells.texts}
    values |= _read_point(cells) | _read_disclosure(cells)
    return Place(values, cells.sources, tuple(cells.repairs), tuple(cells.problems))


def _read_country(cells: _PlaceCells) -> None:
    if (text := cells.get("country")) is None:
        return
    result = cells.cache.call(areas.clean_country, text)
    cells.replace("country", result)
    if result.reasons:
        cells.fill_if_missing("state", text, "country")


def _read_address(cells: _PlaceCells) -> None:
    if (text := cells.get("address")) is None:
        return
    try:
        result = addresses.parse_address(text, cells.get("country"))
    except BadInput as error:
        cells.add_problem("address", error)
        return
    values = {part: value for part, value in asdict(result.value).items() if value is not None}
    cells.add_repair("address", text, list(values.values()), result.reasons)
    for part, value in values.items():
        cells.fill_if_missing(part, value, "address")


def _read_state(cells: _PlaceCells) -> None:
    code = cells.get("postal_code")
    if cells.get("country") is None and code and areas.is_canadian_postal_code(code):
        cells.fill_if_missing("country", "CA", "postal_code")
        cells.add_repair("postal_code", code, "CA", ("a postal code of Canada",))
    if (text := cells.get("state")) is None:
        return
    if states := cells.cache.call(areas.find_several_states, text):
        _choose_state(cells, text, states)
        return
    result = cells.cache.call(areas.clean_state, text, cells.get("country"))
    cells.add_repair("state", text, result.value, result.reasons)
    if result.value is None:
        del cells.texts["state"]
        return
    cells.texts["state"] = result.value
    if len(result.value) > 2 and result.value[2] == "-" and cells.get("country") is None:
        cells.fill_if_missing("country", result.value[:2], "state")
        cells.add_repair("state", text, result.value[:2], ("a state of another country",))


def _choose_state(cells: _PlaceCells, text: str, states: Sequence[Region]) -> None:
    """Keep the state that has the city, if it is the only one. The others may be where the organization works, or may not."""
    city = cells.get("city")
    of_city = [state for state in states if city and get_gazetteer().find_city(city, state.code)]
    if len(of_city) == 1:
        letters = of_city[0].code.removeprefix(f"{HOME_COUNTRY}-")
        cells.replace("state", CleaningResult(letters, ("the state that has the city",)))
        return
    names = " and ".join(state.name for state in states)
    sentence = (
        f"This names {names}, but a location is in one state. Write areas that the organization serves in a column of their own."
    )
    cells.add_problem("state", BadInput(sentence))


def _is_home(cells: _PlaceCells) -> bool:
    return cells.get("country") in (None, HOME_COUNTRY)


def _read_city(cells: _PlaceCells) -> None:
    if (text := cells.get("city")) is None or not _is_home(cells):
        return
    try:
        result = cells.cache.call(areas.clean_city, text, cells.get("state"))
    except BadInput as error:  # the city names another state, and either may be wrong
        cells.add_problem("city", error)
        cells.texts.pop("state", None)
        return
    cells.add_repair("city", text, result.value.name, result.reasons)
    cells.texts["city"] = result.value.name
    for part in ("state", "postal_code", "country"):
        cells.fill_if_missing(part, getattr(result.value, part), "city")


def _read_point(cells: _PlaceCells) -> dict[str, object]:
    latitude, longitude = cells.get("latitude"), cells.get("longitude")
    if latitude is None and longitude is None:
        return {}
    part = "latitude" if latitude is not None else "longitude"
    cells.sources.setdefault("latitude", cells.sources[part])
    cells.sources.setdefault("longitude", cells.sources[part])
    try:
        result = addresses.parse_point(latitude or "", longitude or "")
    except BadInput as error:
        cells.problems.append((part, cells.sources[part], error))
        return {}
    cells.add_repair(part, f"{latitude or ''} {longitude or ''}".strip(), result.value, result.reasons)
    return dict(zip(("latitude", "longitude"), result.value, strict=True))


def _read_disclosure(cells: _PlaceCells) -> dict[str, object]:
    if (text := cells.get("disclosure")) is None:
        return {}
    try:
        return {"disclosure": choices.parse_disclosure(text).value}
    except BadInput as error:
        cells.add_problem("disclosure", error)
        return {}
