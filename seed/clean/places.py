"""A place of a row: its cells to the fields of a LocationDraft, only those that are stated."""

from collections.abc import Mapping

from msgspec.structs import asdict

from directory.errors import BadInput
from seed.clean import addresses, areas, choices, points
from seed.clean.areas import HOME
from seed.clean.findings import Findings, Path
from seed.clean.mended import Mended

_TEXTS = ("name", "street", "city", "county", "state", "postal_code", "country")
PARTS = (*_TEXTS, "latitude", "longitude", "disclosure")


class Cells:
    """The cells of one place: what each says, and the flat field it stands in. A part may have stood in another's cell."""

    def __init__(self, flat: Mapping[str, str | None], prefix: str, path: Path, findings: Findings) -> None:
        self.texts = {part: text for part, text in flat.items() if text is not None}
        self.cleared = {part for part, text in flat.items() if text is None}
        self.fields = {part: f"{prefix}.{part}" for part in flat}
        self.path = path
        self.findings = findings

    def get(self, part: str) -> str | None:
        return self.texts.get(part)

    def give(self, part: str, value: str | None, source: str) -> None:
        """A part that stood in the cell of `source` counts where its own cell says nothing."""
        if value is not None and part not in self.texts:
            self.texts[part] = value
            self.fields[part] = self.fields[source]

    def refuse(self, part: str, refusal: BadInput) -> None:
        self.findings.place((*self.path, part), self.fields[part])
        self.findings.refuse((*self.path, part), refusal)
        del self.texts[part]

    def told(self, part: str, mended: Mended[object], after: object = None) -> None:
        if mended.reasons:
            self.findings.repair(self.fields[part], self.texts[part], mended.value if after is None else after, mended.reasons)


def location(flat: Mapping[str, str | None], prefix: str, path: Path, findings: Findings) -> dict[str, object]:
    """The fields of a LocationDraft from plain texts by the field within the place; None clears.

    What cannot be used is a problem in `findings`; what nobody can place (an unknown state or ZIP code) stays as it is written,
    and is refused with suggestions when the place is located.
    """
    cells = Cells(flat, prefix, path, findings)
    _country(cells)
    _address(cells)
    _state(cells)
    _city(cells)
    _postal_code(cells)
    _county(cells)
    _street(cells)
    found: dict[str, object] = {part: cells.texts[part] for part in _TEXTS if part in cells.texts}
    found |= _point(cells) | _disclosure(cells)
    for part in found:
        findings.place((*path, part), cells.fields[part])
    return {**{part: None for part in PARTS if part in cells.cleared and part not in found}, **found}


def state_code(place: Mapping[str, object]) -> str | None:
    """The region code of a place's state, as cleaned: "US-GA"."""
    letters = place.get("state")
    if not isinstance(letters, str):
        return None
    return f"US-{letters}" if len(letters) == 2 and place.get("country", HOME) == HOME else letters


def _country(cells: Cells) -> None:
    if (text := cells.get("country")) is None:
        return
    mended = areas.country(text)
    cells.told("country", mended)
    cells.texts["country"] = mended.value
    if mended.reasons:
        cells.give("state", text, "country")


def _address(cells: Cells) -> None:
    if (text := cells.get("address")) is None:
        return None
    try:
        mended = addresses.address(text, cells.get("country"))
    except BadInput as refusal:
        return cells.refuse("address", refusal)
    parts = mended.value
    stated = {part: value for part, value in asdict(parts).items() if value is not None}
    cells.told("address", mended, list(stated.values()))
    for part, value in stated.items():
        cells.give(part, value, "address")
    return None


def _state(cells: Cells) -> None:
    code = cells.get("postal_code")
    if cells.get("country") is None and code and areas.is_canadian(code):
        cells.give("country", "CA", "postal_code")
        cells.findings.repair(cells.fields["postal_code"], code, "CA", ("a postal code of Canada",))
    if (text := cells.get("state")) is None:
        return
    mended = areas.state(text, cells.get("country"))
    cells.told("state", mended)
    if mended.value is None:
        del cells.texts["state"]
        return
    cells.texts["state"] = mended.value
    if len(mended.value) > 2 and mended.value[2] == "-" and cells.get("country") is None:
        cells.give("country", mended.value[:2], "state")
        cells.findings.repair(cells.fields["state"], text, mended.value[:2], ("a state of another country",))


def _is_home(cells: Cells) -> bool:
    return cells.get("country") in (None, HOME)


def _city(cells: Cells) -> None:
    if (text := cells.get("city")) is None or not _is_home(cells):
        return None
    try:
        mended = areas.city(text, cells.get("state"))
    except BadInput as refusal:
        return cells.refuse("city", refusal)
    cells.told("city", mended, mended.value.name)
    cells.texts["city"] = mended.value.name
    for part in ("state", "postal_code", "country"):
        cells.give(part, getattr(mended.value, part), "city")
    return None


def _postal_code(cells: Cells) -> None:
    if (text := cells.get("postal_code")) is None or not _is_home(cells):
        return
    mended = areas.postal_code(text, cells.get("state"))
    cells.told("postal_code", mended)
    cells.texts["postal_code"] = mended.value


def _county(cells: Cells) -> None:
    if (text := cells.get("county")) is None or not _is_home(cells):
        return
    mended = areas.county(text)
    cells.told("county", mended)
    cells.texts["county"] = mended.value


def _street(cells: Cells) -> None:
    """Both lines of the street in one."""
    lines: list[str] = []
    for part in ("street", "street2"):
        if (text := cells.get(part)) is not None:
            mended = addresses.street(text)
            cells.told(part, mended, mended.value or "")
            lines += [mended.value] if mended.value and mended.value not in lines else []
            del cells.texts[part]
            if mended.value:
                cells.fields.setdefault("street", cells.fields[part])
    if lines:
        cells.texts["street"] = ", ".join(lines)


def _point(cells: Cells) -> dict[str, object]:
    latitude, longitude = cells.get("latitude"), cells.get("longitude")
    if latitude is None and longitude is None:
        return {}
    part = "latitude" if latitude is not None else "longitude"
    cells.fields.setdefault("latitude", cells.fields[part])
    cells.fields.setdefault("longitude", cells.fields[part])
    try:
        mended = points.point(latitude or "", longitude or "")
    except BadInput as refusal:
        cells.findings.place((*cells.path, part), cells.fields[part])
        cells.findings.refuse((*cells.path, part), refusal)
        return {}
    cells.findings.repair(cells.fields[part], f"{latitude or ''} {longitude or ''}".strip(), mended.value, mended.reasons)
    return dict(zip(("latitude", "longitude"), mended.value, strict=True))


def _disclosure(cells: Cells) -> dict[str, object]:
    if (text := cells.get("disclosure")) is None:
        return {}
    try:
        return {"disclosure": choices.disclosure(text).value}
    except BadInput as refusal:
        cells.refuse("disclosure", refusal)
        return {}
