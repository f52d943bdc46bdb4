"""The map of a search as SVG: states, or the counties of a state, as links with their counts and the current filters."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from directory.text import fold
from web.maps.area_map import AreaMap, load_county_map, load_state_map
from web.maps.shades import Shades
from web.pages.languages import Language
from web.pages.page import PageRequest
from web.pages.search.search_addresses import SearchAddresses
from web.pages.search.search_origin import SearchOrigin

REGION = "region"
EVERYTHING = "order=NAME"  # a search for all organizations


class MapArea(Struct, frozen=True):
    """An area with organizations, or one that was asked for. `name` says its count too.

    `address` is that of the search for it, with the other filters. `svg` are the elements that draw it, "" if nothing does.
    """

    code: str
    label: str
    name: str
    count: int
    shade: str
    address: str
    selected: bool
    svg: str
    opens_tab: bool = False

    def draw(self) -> str:
        """Return the elements of the link, or of the area if it has no organizations."""
        current = ' aria-current="true"' if self.selected else ""
        content = f"<title>{escape(self.name)}</title>{self.svg}"
        if not self.count:
            return f'<g class="s0" role="img"{current}>{content}</g>'
        role = ' target="_blank" rel="noopener"' if self.opens_tab else ' data-update=""'
        return f'<a class="{self.shade}" href="{escape(self.address)}"{role}{current}>{content}</a>'


class NumberPlace(Struct, frozen=True):
    """`x` and `y` are shares of the size of the map: "34.2%". `width` is that of the map from which on a number fits there.

    `letters` stand before the number if it is beside the area: "NH ".
    """

    x: str
    y: str
    width: str
    letters: str


class OriginMark(Struct, frozen=True):
    """Where the search starts from, in steps of the grid. `radius` is that of the distance it goes, None without a limit."""

    x: int
    y: int
    radius: int | None


class Drawing(Struct, frozen=True):
    """The elements of the map. They are written here and not in a template, because there are hundreds.

    `lines` are the outlines of what was asked for, and lines from labels to their areas.
    `origin` is None if the search has no origin or it is not on the map. `floor` is the number of organizations that every county
    of a state has at least, 0 on a map of states.
    """

    size: tuple[int, int]
    areas: Markup
    lines: Markup
    numbers: Markup
    origin: OriginMark | None = None
    floor: int = 0


class RegionMap(Struct, frozen=True):
    """`state` is the name of the state whose counties are shown, None for a map of states. `areas` are in the order of names.

    `drawing` is None if the outlines were not built, or if there are none of the counties.
    """

    state: str | None
    areas: Sequence[MapArea]
    shades: Shades
    all_states: str
    drawing: Drawing | None


def build_region_map(
    request: PageRequest,
    facets: Mapping[str, Any],
    addresses: SearchAddresses,
    state: str | None,
    origin: SearchOrigin | None = None,
    pages: str | None = None,
    empty_texts: Mapping[str, str] | None = None,
    opens_tabs: bool = False,
) -> RegionMap:
    """Return the map of the states, or of the counties of the state with this code.

    `origin` is where distances start. With `pages`, the links lead to pages below this path instead of searches. `empty_texts`
    are shown for areas with these codes if they have no organization; others without any have no number. Without it, all have 0.
    With `opens_tabs`, links open tabs of their own.
    """
    map = load_county_map(state) if state else load_state_map()
    counts = [count for count in facets["counties" if state else "states"] if count["local"] or count["selected"]]
    shades = Shades.choose(_list_counts(map, counts).values())
    codes = [count["value"] for count in counts]
    root = request.link(pages or "/")
    links = [f"{root}/{code}" for code in codes] if pages else [f"{root}?{one}" for one in addresses.choose_each(REGION, codes)]
    areas = [_build_area(count, link, shades, map, request.language) for count, link in zip(counts, links, strict=True)]
    areas = [replace(area, opens_tab=opens_tabs) for area in areas] if opens_tabs else areas
    areas.sort(key=lambda area: _fold_label(area.label))
    return RegionMap(
        state=_find_name(state, facets["states"]),
        areas=areas,
        shades=shades,
        all_states=request.link("/", addresses.drop(REGION) or EVERYTHING),
        drawing=_build_drawing(map, areas, origin, request.language, bool(state), empty_texts) if map else None,
    )


@lru_cache(maxsize=10_000)
def _fold_label(label: str) -> str:
    return fold(label)


def format_area_name(label: str, count: int, language: Language) -> str:
    """Return "Georgia: 3 organizations"."""
    text = language.ngettext("%(area)s: %(number)s organization", "%(area)s: %(number)s organizations", count)
    return text % {"area": label, "number": language.format_count(count)}


def _list_counts(map: AreaMap | None, counts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the count of every area on the map or in the list."""
    return dict.fromkeys(map.shapes if map else (), 0) | {count["value"]: count["local"] for count in counts}


def _build_area(count: Mapping[str, Any], address: str, shades: Shades, map: AreaMap | None, language: Language) -> MapArea:
    code, label, number = count["value"], count["label"], count["local"]
    shape = map.shapes.get(code) if map else None
    return MapArea(
        code=code,
        label=label,
        name=format_area_name(label, number, language),
        count=number,
        shade=shades.find_name(number),
        address=address,
        selected=count["selected"],
        svg=shape.svg if shape else "",
    )


def _find_name(code: str | None, counts: Sequence[Mapping[str, Any]]) -> str | None:
    return next((count["label"] for count in counts if count["value"] == code), None)


def _build_drawing(
    map: AreaMap,
    areas: Sequence[MapArea],
    origin: SearchOrigin | None,
    language: Language,
    of_counties: bool,
    empty_texts: Mapping[str, str] | None,
) -> Drawing:
    """Return the drawing. Of counties, it has only the numbers that are larger than the smallest, which is said in words."""
    shown = {area.code: area for area in areas if area.code in map.shapes}
    counts = {code: shown[code].count if code in shown else 0 for code in map.shapes}
    floor = min(counts.values()) if of_counties else 0
    texts = {code: language.format_count(count) for code, count in counts.items() if count > floor or not of_counties}
    if empty_texts is not None:
        texts = {code: text if code in shown else empty_texts.get(code, "") for code, text in texts.items()}
    shades = {code: area.shade for code, area in shown.items()}
    numbers = [_draw_number(map, code, text, shades.get(code, "s0")) for code, text in texts.items()]
    return Drawing(
        size=(map.width, map.height),
        areas=_join(_draw_empty(map, shown), *(area.draw() for area in shown.values())),
        lines=_join(f'<path class="leaders" d="{map.leaders}"/>', *(area.svg for area in shown.values() if area.selected)),
        numbers=_join(*numbers),
        origin=_locate_origin(map, origin) if origin else None,
        floor=floor,
    )


def _join(*elements: str) -> Markup:
    return Markup("".join(elements))  # noqa: S704 - names and addresses are escaped; the rest are our own words and numbers


def _locate_origin(map: AreaMap, origin: SearchOrigin) -> OriginMark | None:
    spot = map.locate_point(origin.point)
    radius = round(origin.radius_km / spot.step_km) if spot and origin.radius_km else None
    return OriginMark(round(spot.x), round(spot.y), radius) if spot else None


def _draw_empty(map: AreaMap, shown: Collection[str]) -> str:
    """Return the elements for all areas that are not shown as links, with one path for their outlines."""
    shapes = [shape for code, shape in map.shapes.items() if code not in shown]
    labels = "".join(shape.side_label.svg for shape in shapes if shape.side_label)
    return f'<g class="s0"><path d="{"".join(shape.path for shape in shapes)}"/>{labels}</g>'


def _draw_number(map: AreaMap, code: str, text: str, shade: str) -> str:
    """Return the element for the number of an area and its letters, "" if there are neither or they do not fit on any map."""
    place = _place_number(map, code, len(text))
    if not (place and (text or place.letters)):
        return ""
    return f'<text class="{shade} {place.width}" x="{place.x}" y="{place.y}">{place.letters}{text}</text>'


@lru_cache(maxsize=20_000)
def _place_number(map: AreaMap, code: str, digits: int) -> NumberPlace | None:
    width = map.find_width(code, digits)
    if width is None:
        return None
    side_label = map.shapes[code].side_label
    return NumberPlace(*map.locate_number(code), width, f"{side_label.letters} " if side_label else "")
