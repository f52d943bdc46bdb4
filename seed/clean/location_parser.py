"""Parse one location of a row: its cells become fields of a LocationDraft."""

from collections.abc import Mapping, Sequence

from msgspec.structs import asdict

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Disclosure
from directory.vocabulary.region_files import Region
from directory.vocabulary.regions import HOME_COUNTRY
from seed.clean.cleaning_log import CleaningLog, CleaningResult, DraftPath
from seed.clean.values import addresses, areas, choices

_TEXT_PARTS = ("name", "street", "city", "county", "state", "postal_code", "country")
PARTS = (*_TEXT_PARTS, "latitude", "longitude", "disclosure")


class LocationCells:
    """The cells of one location: the text of each part, and the flat field that the text came from.

    A part may come from the cell of another part: the state may follow the city.
    """

    def __init__(self, flat: Mapping[str, str | None], prefix: str, path: DraftPath, log: CleaningLog) -> None:
        self.texts = {part: text for part, text in flat.items() if text is not None}
        self.cleared_parts = {part for part, text in flat.items() if text is None}
        self.fields = {part: f"{prefix}.{part}" for part in flat}
        self.path = path
        self.log = log

    def get(self, part: str) -> str | None:
        return self.texts.get(part)

    def fill_if_missing(self, part: str, value: str | None, source: str) -> None:
        """Set a part that was found in the cell of `source`, unless the part has a value of its own."""
        if value is not None and part not in self.texts:
            self.texts[part] = value
            self.fields[part] = self.fields[source]

    def add_problem(self, part: str, error: BadInput) -> None:
        self.log.set_path_heading((*self.path, part), self.fields[part])
        self.log.add_problem((*self.path, part), error)
        del self.texts[part]

    def add_repair(self, part: str, result: CleaningResult[object], after: object = None) -> None:
        if result.reasons:
            self.log.add_repair(self.fields[part], self.texts[part], result.value if after is None else after, result.reasons)


def parse_location(flat: Mapping[str, str | None], prefix: str, path: DraftPath, log: CleaningLog) -> dict[str, object]:
    """Return the fields of a LocationDraft that the cells state.

    `flat` holds plain texts by part, such as "city"; None clears a part. Unusable values become problems in `log`. An unknown
    state or ZIP code is returned as written: geocoding refuses it with suggestions.
    """
    cells = LocationCells(flat, prefix, path, log)
    _clean_country(cells)
    _clean_address(cells)
    _clean_state(cells)
    _clean_city(cells)
    _clean_postal_code(cells)
    _clean_county(cells)
    _clean_street(cells)
    values: dict[str, object] = {part: cells.texts[part] for part in _TEXT_PARTS if part in cells.texts}
    values |= _clean_point(cells) | _clean_disclosure(cells)
    for part in values:
        log.set_path_heading((*path, part), cells.fields[part])
    return {**{part: None for part in PARTS if part in cells.cleared_parts and part not in values}, **values}


def find_state_code(location: Mapping[str, object]) -> str | None:
    """Return the region code of the state in a cleaned location, such as "US-GA"; None if it has no state."""
    letters = location.get("state")
    if not isinstance(letters, str):
        return None
    return f"US-{letters}" if len(letters) == 2 and location.get("country", HOME_COUNTRY) == HOME_COUNTRY else letters


def _clean_country(cells: LocationCells) -> None:
    if (text := cells.get("country")) is None:
        return
    result = areas.clean_country(text)
    cells.add_repair("country", result)
    cells.texts["country"] = result.value
    if result.reasons:
        cells.fill_if_missing("state", text, "country")


def _clean_address(cells: LocationCells) -> None:
    if (text := cells.get("address")) is None:
        return None
    try:
        result = addresses.parse_address(text, cells.get("country"))
    except BadInput as error:
        return cells.add_problem("address", error)
    parts = result.value
    values = {part: value for part, value in asdict(parts).items() if value is not None}
    cells.add_repair("address", result, list(values.values()))
    for part, value in values.items():
        cells.fill_if_missing(part, value, "address")
    return None


def _clean_state(cells: LocationCells) -> None:
    code = cells.get("postal_code")
    if cells.get("country") is None and code and areas.is_canadian_postal_code(code):
        cells.fill_if_missing("country", "CA", "postal_code")
        cells.log.add_repair(cells.fields["postal_code"], code, "CA", ("a postal code of Canada",))
    if (text := cells.get("state")) is None:
        return
    if states := areas.find_several_states(text):
        _clean_several_states(cells, text, states)
        return
    result = areas.clean_state(text, cells.get("country"))
    cells.add_repair("state", result)
    if result.value is None:
        del cells.texts["state"]
        return
    cells.texts["state"] = result.value
    if len(result.value) > 2 and result.value[2] == "-" and cells.get("country") is None:
        cells.fill_if_missing("country", result.value[:2], "state")
        cells.log.add_repair(cells.fields["state"], text, result.value[:2], ("a state of another country",))


def _clean_several_states(cells: LocationCells, text: str, states: Sequence[Region]) -> None:
    """Keep the state that has the city, if it is the only one. The others may be where the organization works, or may not."""
    city = cells.get("city")
    of_city = [state for state in states if city and get_gazetteer().find_city(city, state.code)]
    if len(of_city) == 1:
        letters = of_city[0].code.removeprefix(f"{HOME_COUNTRY}-")
        cells.add_repair("state", CleaningResult(letters, ("the state that has the city",)))
        cells.texts["state"] = letters
        return
    names = " and ".join(state.name for state in states)
    sentence = (
        f"This names {names}, but a location is in one state. Write areas that the organization serves in a column of their own."
    )
    cells.add_problem("state", BadInput(sentence))


def _is_home(cells: LocationCells) -> bool:
    return cells.get("country") in (None, HOME_COUNTRY)


def _clean_city(cells: LocationCells) -> None:
    if (text := cells.get("city")) is None or not _is_home(cells):
        return
    try:
        result = areas.clean_city(text, cells.get("state"))
    except BadInput as error:  # the city names another state, and either may be wrong
        cells.add_problem("city", error)
        cells.texts.pop("state", None)
        return
    cells.add_repair("city", result, result.value.name)
    cells.texts["city"] = result.value.name
    for part in ("state", "postal_code", "country"):
        cells.fill_if_missing(part, getattr(result.value, part), "city")
    return


def _clean_postal_code(cells: LocationCells) -> None:
    if (text := cells.get("postal_code")) is None or not _is_home(cells):
        return
    result = areas.clean_postal_code(text, cells.get("state"))
    cells.add_repair("postal_code", result)
    cells.texts["postal_code"] = result.value


def _clean_county(cells: LocationCells) -> None:
    if (text := cells.get("county")) is None or not _is_home(cells):
        return
    result = areas.clean_county(text)
    cells.add_repair("county", result)
    cells.texts["county"] = result.value


def _clean_street(cells: LocationCells) -> None:
    """Join both lines of the street."""
    lines: list[str] = []
    for part in ("street", "street2"):
        if (text := cells.get(part)) is not None:
            if addresses.is_confidential(text):
                _hide_location(cells, part)
                continue
            result = addresses.clean_street(text)
            cells.add_repair(part, result, result.value or "")
            lines += [result.value] if result.value and result.value not in lines else []
            del cells.texts[part]
            if result.value:
                cells.fields.setdefault("street", cells.fields[part])
    if lines:
        cells.texts["street"] = ", ".join(lines)


def _hide_location(cells: LocationCells, part: str) -> None:
    """Remove a note such as "CONFIDENTIAL" in place of a street, and hide the location unless the row states its disclosure."""
    cells.add_repair(part, CleaningResult("", ("confidential: the location is hidden",)))
    del cells.texts[part]
    if cells.get("disclosure") is None:
        cells.fields["disclosure"] = cells.fields[part]
        cells.texts["disclosure"] = Disclosure.HIDDEN.value


def _clean_point(cells: LocationCells) -> dict[str, object]:
    latitude, longitude = cells.get("latitude"), cells.get("longitude")
    if latitude is None and longitude is None:
        return {}
    part = "latitude" if latitude is not None else "longitude"
    cells.fields.setdefault("latitude", cells.fields[part])
    cells.fields.setdefault("longitude", cells.fields[part])
    try:
        result = addresses.parse_point(latitude or "", longitude or "")
    except BadInput as error:
        cells.log.set_path_heading((*cells.path, part), cells.fields[part])
        cells.log.add_problem((*cells.path, part), error)
        return {}
    cells.log.add_repair(cells.fields[part], f"{latitude or ''} {longitude or ''}".strip(), result.value, result.reasons)
    return dict(zip(("latitude", "longitude"), result.value, strict=True))


def _clean_disclosure(cells: LocationCells) -> dict[str, object]:
    if (text := cells.get("disclosure")) is None:
        return {}
    try:
        return {"disclosure": choices.parse_disclosure(text).value}
    except BadInput as error:
        cells.add_problem("disclosure", error)
        return {}
