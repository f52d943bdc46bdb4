"""Coverage as a picture: every number is in it, in words too, and readable in shades of gray."""

import re
from xml.etree import ElementTree as ET

import pytest

from directory.export.coverage_picture import CELL_WIDTH, TEXTS, draw_coverage
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.question import CoverageQuestion
from directory.records import Audience, Organization
from directory.search.snapshot import Snapshot, SnapshotState
from tests.builders import NOW, a_location, an_organization

SVG = "{http://www.w3.org/2000/svg}"
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
SOUTH = CoverageQuestion(values=("tenants", "health"), within="US-SOUTH")


def draw(*records: Organization, question: CoverageQuestion = SOUTH, language: str = "en", fictional: bool = False) -> ET.Element:
    snapshot = Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), records, {}, [])
    return ET.fromstring(draw_coverage(Coverage(snapshot, question, NOW.date()), language, fictional=fictional))  # noqa: S314 - our own


def a_member(name: str, *places: str, **fields: object) -> Organization:
    locations = tuple(a_location(place) for place in places)
    return an_organization(name, **{"issue_areas": ("tenants",), "verified_at": NOW, "locations": locations, **fields})


def list_cells(picture: ET.Element) -> list[tuple[str, str, str]]:
    """Return the text, its color and the fill of each cell."""
    elements = list(picture)
    boxes = [number for number, one in enumerate(elements) if one.get("width") == str(CELL_WIDTH)]
    return [
        (elements[number + 1].text or "", elements[number + 1].get("fill", ""), elements[number].get("fill", ""))
        for number in boxes
    ]


def test_each_cell_shows_how_many_count() -> None:
    members = [a_member(f"A{number}", "Atlanta, GA") for number in range(3)] + [a_member("B", "Miami, FL", service_areas=("US",))]
    cells = list_cells(draw(*members))
    assert len(cells) == 2 * 17
    numbers = [text for text, _, _ in cells]
    assert sorted(numbers[:17]) == ["0"] * 15 + ["1", "3"]
    assert {fill for text, _, fill in cells if text == "0"} == {"#fff"}


def test_what_is_unknown_has_a_pattern_and_a_question_mark() -> None:
    picture = draw(a_member("Silent"))
    assert set(list_cells(picture)[:17]) == {("?", "#000", "url(#unknown)")}
    assert picture.find(f".//{SVG}pattern[@id='unknown']") is not None


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_text_alternative_says_it_in_words(language: str) -> None:
    picture = draw(a_member("A", "Atlanta, GA"), a_member("Silent", issue_areas=("health",)), language=language)
    title, description = (picture.find(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert title is not None
    assert description is not None
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert picture.get("lang") == language
    text = description.text or ""
    expected = {
        "en": (
            "2 rows, 17 regions",
            "Tenants' rights and eviction: covered in 1 of 17 regions; nobody in Alabama",
            "not known in Alabama",
        ),
        "es": ("2 filas, 17 regiones", "nadie en Alabama", "no se sabe en Alabama"),
    }[language]
    assert all(one in text for one in expected)


def test_every_number_can_be_read_on_its_gray() -> None:
    members = [
        a_member(f"A{number}", "Atlanta, GA", **({"service_areas": ("US-SOUTH",)} if number % 2 else {})) for number in range(30)
    ]
    more = [
        a_member(f"B{number}", place)
        for number, place in enumerate(["Miami, FL"] * 3 + ["Houston, TX"] * 6 + ["Nashville, TN"] * 9)
    ]
    grays = {(fill, color) for _, color, fill in list_cells(draw(*members, *more)) if fill.startswith("hsl")}
    assert len(grays) > 3
    assert {color for _, color in grays} == {"#000", "#fff"}
    for fill, color in grays:
        match = re.fullmatch(r"hsl\(0 0% (\d+)%\)", fill)
        assert match
        assert measure_contrast(int(match[1]) / 100, 1.0 if color == "#fff" else 0.0) >= LEAST_CONTRAST


def measure_contrast(one: float, other: float) -> float:
    darker, lighter = sorted(compute_luminance(gray) for gray in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def compute_luminance(gray: float) -> float:
    """Return the relative luminance of a gray of the sRGB color space, as WCAG 2.2 defines it."""
    return gray / 12.92 if gray <= 0.04045 else float(((gray + 0.055) / 1.055) ** 2.4)


def test_fictional_data_are_marked_and_an_empty_matrix_can_be_drawn() -> None:
    picture = draw(question=CoverageQuestion(within="US-SOUTH"), fictional=True)
    title = picture.find(f"{SVG}title")
    assert title is not None
    assert "Fictional" in (title.text or "")
    assert list_cells(picture) == []


def test_both_languages_have_all_texts() -> None:
    assert TEXTS["es"].keys() == TEXTS["en"].keys()
