"""The questions of `directory seed --interactive` before the plan, and where to save the answers.

Each takes one line as its answer, so they can be answered by keyboard, with a screen reader or from a script.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from cli.terminal import escape_line
from directory.errors import BadInput
from directory.export.flat_fields import FIELDS, GROUP_FIELDS
from seed.mapping.headings import describe_field
from seed.mapping.profile import Profile, save_profile
from seed.mapping.questions import (
    ColumnQuestion,
    SpellingQuestion,
    TagQuestion,
    ValueQuestion,
    describe_rule,
    list_column_questions,
    list_tag_questions,
    list_value_questions,
    name_columns,
)
from seed.mapping.spelling_questions import list_spelling_questions
from seed.rows import Row
from seed.sources.dataset import ColumnSample

PROFILE_EXTENSION = ".toml"
LATER, END, FORGET = "", "q", "-"
MAX_VALUE_LENGTH = 40  # characters of a sample value
_COLUMN_HELP = (
    "To change a column, enter its number and its field: 3 location.city. To leave it out: 3 -. "
    "To see the fields: ?. To go on: Enter."
)


def ask_about_columns(columns: Sequence[ColumnSample], profile: Profile) -> Profile:
    """Show each column with its guess and three values, and return the profile with the person's changes."""
    named = changed = name_columns(profile, columns)
    questions = list_column_questions(columns, named)
    for number, question in enumerate(questions, start=1):
        click.echo(escape_line(f"{number:4}  {question.text}"))
        click.echo(escape_line(f"        {_format_values(question.samples)}"))
    click.echo(_COLUMN_HELP)
    while answer := _prompt("Column"):
        if answer == "?":
            click.echo("\n".join(f"  {field}: {describe_field(field)}" for field in (*FIELDS, *GROUP_FIELDS)))
        else:
            changed = _change_column(answer, questions, changed)
    return profile if changed == named else changed


def _change_column(answer: str, questions: Sequence[ColumnQuestion], profile: Profile) -> Profile:
    """Change the rule that the answer names, and say what has changed or what is wrong with the answer."""
    number, _, text = answer.replace("=", " ").partition(" ")
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(questions)):
        click.echo(f"Begin with the number of a column, from 1 to {len(questions)}.")
        return profile
    question = questions[int(number) - 1]
    try:
        changed = question.apply(profile, text)
    except BadInput as problem:
        click.echo(escape_line(f"{problem.user_message} Enter ? to see the fields."))
        return profile
    for heading, rule in changed.columns.items():
        if heading != question.heading and rule != profile.columns[heading]:
            click.echo(escape_line(f'"{heading}" is not imported now.'))
    click.echo(escape_line(f'"{question.heading}": {describe_rule(changed.columns[question.heading])}'))
    return changed


def _format_values(values: Iterable[str]) -> str:
    shortened = (" ".join(value.split()) for value in values)
    shown = (value if len(value) <= MAX_VALUE_LENGTH else f"{value[:MAX_VALUE_LENGTH]}…" for value in shortened)
    return " · ".join(shown) or "no values"


def ask_about_spellings(rows: Sequence[Row], profile: Profile) -> Profile:
    """Ask which spellings are of one value, and return the profile with the answers."""
    prompt = "One spelling for all: its number or text (- if they are different, Enter to decide later, q to end)"
    for question in list_spelling_questions(rows, profile):
        click.echo(escape_line(question.text))
        for number, (_, words) in enumerate(question.choices, start=1):
            click.echo(escape_line(f"  {number}  {words}"))
        answer, profile = _ask(question, prompt, profile)
        if answer == END:
            break
    return profile


def ask_about_values(rows: Sequence[Row], profile: Profile) -> Profile:
    """Ask what each value means that is not one of its field's choices, and return the profile with the answers."""
    for question in list_value_questions(rows, profile):
        click.echo(escape_line(question.text))
        answer, profile = _ask(question, "Meaning (- to leave it out, Enter to decide later, q to end)", profile)
        if answer == END:
            break
    return profile


def ask_about_tags(rows: Sequence[Row], profile: Profile) -> Profile:
    """Ask what each unknown tag means, most frequent first, and return the profile with the answers."""
    for question in list_tag_questions(rows, profile):
        click.echo(escape_line(question.text))
        for number, term in enumerate(question.nearest, start=1):
            click.echo(f"  {number}  {term}")
        answer, profile = _ask(question, "Number or term (- to leave it out, Enter to decide later, q to end)", profile)
        if answer == END:
            break
    return profile


def _ask(question: SpellingQuestion | ValueQuestion | TagQuestion, prompt: str, profile: Profile) -> tuple[str, Profile]:
    """Ask until the answer can be used, and return it with the profile that it makes. LATER and END change nothing."""
    while (answer := _prompt(prompt)) not in (LATER, END):
        try:
            return answer, question.apply(profile, answer)
        except BadInput as problem:
            click.echo(escape_line(problem.user_message))
    return answer, profile


def ask_where_to_save(profile: Profile, default: Path) -> None:
    """Ask for a file and save the profile there, so that the next import finds it. Nothing is saved if the person answers "-"."""
    while (answer := click.prompt("Save the answers for the next import (- to forget them)", default=str(default))) != FORGET:
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
