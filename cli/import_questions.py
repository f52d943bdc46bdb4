"""The questions of `directory seed --interactive` before the plan: what columns, values and tags mean.

Each takes one line as its answer, so they can be answered by keyboard, with a screen reader or from a script. The answers make a
profile.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click
from msgspec.structs import replace

from cli.terminal import escape_line
from directory.errors import BadInput
from directory.export.flat_fields import FIELDS, GROUP_FIELDS, find_field_kind
from seed.mapping.column_mapping import fold_value
from seed.mapping.heading_meaning import interpret_heading
from seed.mapping.headings import describe_field
from seed.mapping.profile import ColumnRule, Profile, save_profile
from seed.mapping.profile_values import accepts_several_values, find_term_choice, suggest_terms
from seed.mapping.value_patterns import explain_choice, is_choice, understands_choice
from seed.rows import Row
from seed.sources.dataset import ColumnSample
from seed.sources.tag_table import count_unknown_tags

PROFILE_EXTENSION = ".toml"
IGNORE, LATER, END = "-", "", "q"
MAX_VALUE_LENGTH = 40  # characters of a sample value
MAX_QUESTIONS = 200  # about values, and about tags
_COLUMN_HELP = (
    "To change a column, enter its number and its field: 3 location.city. To leave it out: 3 -. "
    "To see the fields: ?. To go on: Enter."
)


def ask_about_columns(columns: Sequence[ColumnSample], profile: Profile) -> Profile:
    """Show each column with its guess and three values, and return the profile with the person's changes."""
    rules = {column.heading: profile.columns.get(column.heading, ColumnRule(column.field or "")) for column in columns}
    for number, column in enumerate(columns, start=1):
        click.echo(escape_line(f'{number:4}  "{column.heading}": {_describe_rule(rules[column.heading])}'))
        click.echo(escape_line(f"        {_format_values(column.values)}"))
    click.echo(_COLUMN_HELP)
    while answer := _prompt("Column"):
        if answer == "?":
            click.echo("\n".join(f"  {field}: {describe_field(field)}" for field in (*FIELDS, *GROUP_FIELDS)))
            continue
        _change_column(answer, [column.heading for column in columns], rules)
    return profile if rules == dict(profile.columns) else replace(profile, columns=rules)


def _change_column(answer: str, headings: Sequence[str], rules: dict[str, ColumnRule]) -> None:
    """Change the rule that the answer names, and say what has changed or what is wrong with the answer."""
    number, _, text = answer.replace("=", " ").partition(" ")
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(headings)):
        click.echo(f"Begin with the number of a column, from 1 to {len(headings)}.")
        return
    heading, text = headings[int(number) - 1], text.strip()
    field = "" if text == IGNORE else _find_field(text)
    if field is None:
        click.echo(escape_line(f'There is no field "{text}". Enter ? to see the fields.'))
        return
    for other, rule in rules.items():
        if field and other != heading and rule.field == field and not accepts_several_values(field):
            rules[other] = ColumnRule("")
            click.echo(escape_line(f'"{other}" is not imported now.'))
    rules[heading] = ColumnRule(field, rules[heading].split if rules[heading].field == field else None)
    click.echo(escape_line(f'"{heading}": {_describe_rule(rules[heading])}'))


def _find_field(text: str) -> str | None:
    """Return the field that a person wrote by its name or as a heading: "location.city", "city". None if none or several fit."""
    if find_field_kind(text) is not None:
        return text
    meanings = interpret_heading(text).meanings
    return meanings[0].field if len(meanings) == 1 else None


def _describe_rule(rule: ColumnRule) -> str:
    return f"{rule.field} ({describe_field(rule.field)})" if rule.field else "not imported"


def _format_values(values: Iterable[str]) -> str:
    shortened = (" ".join(value.split()) for value in values)
    shown = (value if len(value) <= MAX_VALUE_LENGTH else f"{value[:MAX_VALUE_LENGTH]}…" for value in shortened)
    return " · ".join(shown) or "no values"


def ask_about_values(rows: Sequence[Row], profile: Profile) -> Profile:
    """Ask what each value means that is not one of its field's choices, and return the profile with the answers."""
    values = {field: dict(meanings) for field, meanings in profile.values.items()}
    for (field, heading, text), count in _count_unknown_choices(rows, profile.values).most_common(MAX_QUESTIONS):
        click.echo(escape_line(f'"{heading}" is "{text}" in {_count_rows(count)}. {explain_choice(field, text)}'))
        while (answer := _prompt("Meaning (- to leave it out, Enter to decide later)")) not in (LATER, IGNORE):
            if understands_choice(field, answer):
                break
            click.echo(explain_choice(field, answer))
        if answer != LATER:
            values.setdefault(field, {})[text] = "" if answer == IGNORE else answer
    return replace(profile, values=values)


def _count_unknown_choices(rows: Iterable[Row], known: Mapping[str, Mapping[str, str]]) -> Counter[tuple[str, str, str]]:
    """Count the rows by field, heading and cell for cells that cleaning does not understand and the profile does not map."""
    mapped = {field: {fold_value(text) for text in meanings} for field, meanings in known.items()}
    cells = (
        (field, heading, text)
        for row in rows
        for field, heading in row.columns.items()
        if is_choice(field) and (text := row.cells.get(heading, "").strip())
    )
    return Counter(
        cell for cell in cells if not understands_choice(cell[0], cell[2]) and fold_value(cell[2]) not in mapped.get(cell[0], ())
    )


def ask_about_tags(rows: Sequence[Row], profile: Profile) -> Profile:
    """Ask what each unknown tag means, most frequent first, and return the profile with the answers."""
    counts, nearest = count_unknown_tags(rows)
    terms = dict(profile.terms)
    for tag, count in counts.most_common(MAX_QUESTIONS):
        click.echo(escape_line(f'The tag "{tag}" in {_count_rows(count)} is unknown.'))
        for number, term in enumerate(nearest[tag], start=1):
            click.echo(f"  {number}  {term}")
        answer = _ask_for_term(nearest[tag])
        if answer == END:
            break
        if answer != LATER:
            terms[tag] = "" if answer == IGNORE else answer
    return replace(profile, terms=terms)


def _ask_for_term(nearest: Sequence[str]) -> str:
    """Return a term, or IGNORE, LATER or END."""
    while (answer := _prompt("Number or term (- to leave it out, Enter to decide later, q to end)")) not in (IGNORE, LATER, END):
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(nearest):
            return nearest[int(answer) - 1]
        if term := find_term_choice(answer):
            return term
        click.echo(escape_line(f'There is no term "{answer}". {suggest_terms(answer)}'))
    return answer


def ask_where_to_save(profile: Profile, default: Path) -> None:
    """Ask for a file and save the profile there, so that the next import finds it. Nothing is saved if the person answers "-"."""
    while (answer := click.prompt("Save the answers for the next import (- to forget them)", default=str(default))) != IGNORE:
        path = Path(answer)
        if path.suffix.lower() != PROFILE_EXTENSION:
            click.echo(f"Name a file that ends in {PROFILE_EXTENSION}.")
            continue
        if path.exists() and not click.confirm(f"{path.name} exists. Replace it? Its comments are lost", default=False):
            continue
        try:
            save_profile(path, profile, overwrite=True)
        except BadInput as problem:
            click.echo(escape_line(problem.user_message))
            continue
        if profile.header is False:
            click.echo(escape_line(f"A list without headings needs its profile to be named: --profile {path}"))
        return


def _prompt(text: str) -> str:
    answer: str = click.prompt(text, default="", show_default=False)
    return answer.strip()


def _count_rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
