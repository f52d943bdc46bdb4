"""Coverage as a picture: an SVG table with a number in each cell, readable in print, in shades of gray and by a screen reader."""

from collections.abc import Iterator, Mapping
from math import sqrt
from xml.sax.saxutils import escape

from directory.partners.coverage.cells import CoverageCell, CoverageVerdict
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.summary import RowSummary, summarize_rows

CELL_WIDTH, CELL_HEIGHT = 30, 22  # pixels
FONT_SIZE, TITLE_SIZE = 11, 15
CHARACTER_WIDTH = 6.4  # of the average letter, with room to spare
MARGIN = 12
TURNED_SHARE = 0.87  # of its length, the height of a heading turned by 60 degrees
TURNED_WIDTH = 0.5  # of its length, what it takes to the right
LIGHTEST, DARKEST = 94, 30  # percent of white, of the fewest and the most organizations
WHITE_TEXT_BELOW = 46  # percent of white; the contrast of every number with its background is at least 4.5
DESCRIBED_ROWS = 10  # rows in the text alternative; the table has all of them

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Who works on what where",
        "sizes": "{rows} rows, {regions} regions. The number in each cell is how many organizations count there.",
        "covered": "covered in {covered} of {all} regions",
        "nobody": "nobody in {names}",
        "unknown": "not known in {names}",
        "legend_none": "0 = nobody",
        "legend_unknown": "? = not known: members do not state where they work, or none was verified in the last year",
        "fictional": "Fictional data",
    },
    "es": {
        "title": "Quién trabaja en qué y dónde",
        "sizes": "{rows} filas, {regions} regiones. El número de cada celda indica cuántas organizaciones cuentan allí.",
        "covered": "presencia en {covered} de {all} regiones",
        "nobody": "nadie en {names}",
        "unknown": "no se sabe en {names}",
        "legend_none": "0 = nadie",
        "legend_unknown": "? = no se sabe: hay miembros que no indican dónde trabajan, o ninguno se verificó en el último año",
        "fictional": "Datos ficticios",
    },
}


def draw_coverage(coverage: Coverage, language: str = "en", *, fictional: bool = False) -> str:
    """Return the SVG document of a matrix. `language` is "en" or "es"; `fictional` data are marked as such."""
    texts, summaries = TEXTS[language], list(summarize_rows(coverage))
    labels = [summary.row.term.label(language) for summary in summaries]
    headings = [region.label(language) for region in coverage.regions]
    left = MARGIN + _measure(labels) + 8
    top = MARGIN + 2 * TITLE_SIZE + TURNED_SHARE * _measure(headings) + 8
    width = left + len(headings) * CELL_WIDTH + TURNED_WIDTH * _measure(headings) + MARGIN
    legend = [texts["legend_none"], texts["legend_unknown"], *([texts["fictional"]] if fictional else [])]
    width = max(width, 2 * MARGIN + _measure([*legend, texts["title"]]))
    bottom = top + len(labels) * CELL_HEIGHT
    height = bottom + (len(legend) + 1) * 1.5 * FONT_SIZE
    title = f"{texts['title']} ({texts['fictional']})" if fictional else texts["title"]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-labelledby="title description" lang="{language}" '
        f'font-family="sans-serif" font-size="{FONT_SIZE}">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(describe_coverage(coverage, summaries, language))}</desc>',
        '<defs><pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="#fff"/><rect width="1.2" height="6" fill="#999"/></pattern></defs>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
        _draw_text(MARGIN, MARGIN + TITLE_SIZE, title, f' font-size="{TITLE_SIZE}" font-weight="bold"'),
        *_draw_headings(headings, left, top),
        *(part for number, summary in enumerate(summaries) for part in _draw_row(coverage, summary, labels, number, left, top)),
        *(_draw_text(MARGIN, bottom + (number + 1) * 1.5 * FONT_SIZE, text) for number, text in enumerate(legend)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def describe_coverage(coverage: Coverage, summaries: list[RowSummary], language: str) -> str:
    """Return the text alternative: the size of the matrix, and the first rows in words."""
    sizes = TEXTS[language]["sizes"].format(rows=len(summaries), regions=len(coverage.codes))
    return " ".join([sizes, *(_describe_row(coverage, summary, language) for summary in summaries[:DESCRIBED_ROWS])])


def _describe_row(coverage: Coverage, summary: RowSummary, language: str) -> str:
    texts = TEXTS[language]
    facts = [texts["covered"].format(covered=len(summary.covered_cells), all=len(coverage.codes))]
    for key, cells in (("nobody", summary.empty_cells), ("unknown", summary.unknown_cells)):
        if cells:
            facts.append(texts[key].format(names=", ".join(cell.region.label(language) for cell in cells)))
    return f"{summary.row.term.label(language)}: {'; '.join(facts)}."


def _draw_headings(headings: list[str], left: float, top: float) -> Iterator[str]:
    for number, heading in enumerate(headings):
        x, y = left + (number + 0.6) * CELL_WIDTH, top - 6
        yield _draw_text(x, y, heading, f' transform="rotate(-60 {x:.1f} {y:.1f})"')


def _draw_row(coverage: Coverage, summary: RowSummary, labels: list[str], number: int, left: float, top: float) -> Iterator[str]:
    y = top + number * CELL_HEIGHT
    yield _draw_text(left - 6, y + 15, labels[number], ' text-anchor="end"')
    most = max(int(coverage.groups.max()), 1)
    cells = (coverage.get_cell(number * len(coverage.codes) + region) for region in range(len(coverage.codes)))
    for region, cell in enumerate(cells):
        yield _draw_cell(cell, left + region * CELL_WIDTH, y, most)


def _draw_cell(cell: CoverageCell, x: float, y: float, most: int) -> str:
    lightness = LIGHTEST - (LIGHTEST - DARKEST) * sqrt(cell.groups / most)
    fills = {
        CoverageVerdict.COVERED: f"hsl(0 0% {lightness:.0f}%)",
        CoverageVerdict.NONE: "#fff",
        CoverageVerdict.UNKNOWN: "url(#unknown)",
    }
    verdict = cell.verdict
    text = "?" if verdict is CoverageVerdict.UNKNOWN else f"{cell.groups}"
    is_dark = verdict is CoverageVerdict.COVERED and lightness < WHITE_TEXT_BELOW
    style = f' text-anchor="middle" fill="{"#fff" if is_dark else "#000"}"'
    style += ' font-weight="bold"' if verdict is not CoverageVerdict.COVERED else ""
    box = f'<rect x="{x:.1f}" y="{y:.1f}" width="{CELL_WIDTH}" height="{CELL_HEIGHT}" fill="{fills[verdict]}" stroke="#777"/>'
    return box + _draw_text(x + CELL_WIDTH / 2, y + 15, text, style)


def _draw_text(x: float, y: float, text: str, attributes: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}"{attributes}>{escape(text)}</text>'


def _measure(texts: list[str]) -> float:
    """Return the width of the longest text, in pixels."""
    return max(map(len, texts), default=0) * CHARACTER_WIDTH
