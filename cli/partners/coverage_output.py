"""Print a coverage report for people: gaps in words first, then tables that fit a terminal of 100 columns."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from cli.partners.coverage_report import CoverageReport, GapFacts, RowFacts
from cli.search_output import FICTIONAL_NOTICE
from cli.terminal import build_table, escape_line
from directory.partners.coverage.cells import CoverageVerdict
from directory.question import Nationwide
from directory.text import fold

MANY_REGIONS = 20  # more of one verdict are called "all others" instead of named
ROWS_IN_WORDS = 5  # more rows are shown as a table, with numbers instead of names

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "row": "{label}. Members: {members}; {stated} state which areas they serve, {verified} were verified in the last year.",
        "no_member": "{label}. No member works on this, in any region.",
        "nationwide": "Members who serve the whole country and are not counted: {count}. To count them: --nationwide include.",
        "nobody": "Nobody: {names}.",
        "unknown": "Not known: {names}.",
        "unstated": "Members who do not state where they work, so that they may work in a region that is not known: {count}.",
        "outdated": "None of these members was verified in the last year, so they may work elsewhere by now.",
        "covered": "Covered: {names}.",
        "others": "all other regions ({count})",
        "no_gap": "Every cell reaches the goal.",
        "goal": "Goal: at least {goal} in each region.",
        "median": "Without a goal (--at-least), each row is measured against what half of its regions reach, but at least 1.",
        "gaps": "{shown} of {count} gaps, the largest first:",
        "nothing": "No member matches these conditions.",
        "numbers": "Numbers of regions, of {count}:",
        "columns": "Row|Members|Covered|Nobody|Not known",
        "gap_columns": "Row|Region|Has|Needs|Closest members",
        "not_known": "not known",
    },
    "es": {
        "row": "{label}. Miembros: {members}; {stated} indican qué áreas atienden, {verified} se verificaron en el último año.",
        "no_member": "{label}. Ningún miembro trabaja en esto, en ninguna región.",
        "nationwide": "Miembros que atienden todo el país y no se cuentan: {count}. Para contarlos: --nationwide include.",
        "nobody": "Nadie: {names}.",
        "unknown": "No se sabe: {names}.",
        "unstated": "Miembros que no indican dónde trabajan, y que quizá trabajen en una región donde no se sabe: {count}.",
        "outdated": "Ninguno de estos miembros se verificó en el último año, así que quizá ya trabajen en otros lugares.",
        "covered": "Con presencia: {names}.",
        "others": "todas las demás regiones ({count})",
        "no_gap": "Todas las celdas alcanzan la meta.",
        "goal": "Meta: al menos {goal} en cada región.",
        "median": "Sin meta (--at-least), cada fila se compara con lo que alcanza la mitad de sus regiones, pero al menos 1.",
        "gaps": "{shown} de {count} vacíos, los mayores primero:",
        "nothing": "Ningún miembro cumple estas condiciones.",
        "numbers": "Números de regiones, de {count}:",
        "columns": "Fila|Miembros|Con presencia|Nadie|No se sabe",
        "gap_columns": "Fila|Región|Tiene|Necesita|Miembros más cercanos",
        "not_known": "no se sabe",
    },
}


def print_coverage_report(report: CoverageReport, console: Console, notices: Iterable[str] = ()) -> None:
    """Print the report. `notices` say how a search in words was understood."""
    texts = TEXTS[report.language]
    for line in notices or ([FICTIONAL_NOTICE] if report.fictional else []):
        _print_line(console, escape_line(line))
    if not report.matches:
        _print_line(console, texts["nothing"])
        return
    if len(report.rows) <= ROWS_IN_WORDS:
        for row in report.rows:
            for line in _describe_row(report, row):
                _print_line(console, line)
    else:
        _print_line(console, texts["numbers"].format(count=len(report.regions)))
        console.print(_build_row_table(report))
    if not any(row.member_count for row in report.rows):
        return
    _print_line(console, texts["goal"].format(goal=report.goal) if report.goal else texts["median"])
    if not report.gap_count:
        _print_line(console, texts["no_gap"])
    elif report.gaps:
        _print_line(console, texts["gaps"].format(shown=f"{len(report.gaps):,}", count=f"{report.gap_count:,}"))
        console.print(_build_gap_table(report))


def _describe_row(report: CoverageReport, row: RowFacts) -> Iterator[str]:
    texts, counts = TEXTS[report.language], {(cell.value, cell.region): cell.groups for cell in report.cells}
    if not row.member_count:
        yield texts["no_member"].format(label=row.label)
        return
    yield texts["row"].format(
        label=row.label, members=f"{row.member_count:,}", stated=f"{row.stated:,}", verified=f"{row.recently_verified:,}"
    )
    for verdict, codes in (("nobody", row.nobody), ("unknown", row.unknown)):
        is_majority = len(codes) > max(MANY_REGIONS, len(report.regions) / 2)
        listed = texts["others"].format(count=len(codes)) if is_majority else _join_names(report, codes)
        if codes:
            yield "  " + texts[verdict].format(names=listed)
    nationwide = max((cell.nationwide for cell in report.cells if cell.value == row.value), default=0)
    if nationwide and report.nationwide == Nationwide.EXCLUDE:
        yield "  " + texts["nationwide"].format(count=f"{nationwide:,}")
    if row.place_unknown:
        yield "  " + texts["unstated"].format(count=f"{row.place_unknown:,}")
    if row.member_count and not row.recently_verified:
        yield "  " + texts["outdated"]
    if row.covered:
        names = sorted((f"{report.get_label(code)} {counts[row.value, code]:,}" for code in row.covered), key=fold)
        yield "  " + texts["covered"].format(names=", ".join(names))


def _join_names(report: CoverageReport, codes: Iterable[str]) -> str:
    return ", ".join(sorted(map(report.get_label, codes), key=fold))


def _build_row_table(report: CoverageReport) -> Table:
    first, *others = TEXTS[report.language]["columns"].split("|")
    columns = (Column(first), *(Column(heading, justify="right") for heading in others))
    return build_table(columns, map(_list_row_cells, report.rows))


def _list_row_cells(row: RowFacts) -> tuple[str, ...]:
    counts = row.member_count, len(row.covered), len(row.nobody), len(row.unknown)
    return (row.label, *(f"{count:,}" for count in counts))


def _build_gap_table(report: CoverageReport) -> Table:
    row, region, has, needs, nearest = TEXTS[report.language]["gap_columns"].split("|")
    columns = (
        Column(row, max_width=24),
        Column(region, max_width=20),
        Column(has, justify="right"),
        Column(needs, justify="right"),
        Column(nearest),
    )
    labels = {one.value: one.label for one in report.rows}
    return build_table(columns, (_list_gap_cells(report, gap, labels[gap.value]) for gap in report.gaps))


def _list_gap_cells(report: CoverageReport, gap: GapFacts, label: str) -> tuple[str, ...]:
    is_unknown = gap.verdict == CoverageVerdict.UNKNOWN
    has = TEXTS[report.language]["not_known"] if is_unknown else f"{gap.groups:,}"
    nearest = "\n".join(escape_line(one.name) for one in gap.nearest)
    return label, report.get_label(gap.region), has, f"{gap.target:,}", nearest


def _print_line(console: Console, text: str) -> None:
    indent = " " * (len(text) - len(text.lstrip()))
    for line in textwrap.wrap(text, console.width, subsequent_indent=f"{indent}  ", break_long_words=False):
        console.print(Text(line), soft_wrap=True)
