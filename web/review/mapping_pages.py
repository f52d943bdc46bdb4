"""What columns, values and tags of the list mean: the page shows the guesses and the questions, and takes the answers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from directory.errors import BadInput
from directory.export.flat_columns import LINK_KINDS
from directory.export.flat_fields import FIELDS, GROUP_FIELDS, GROUPS, find_field_kind
from seed.mapping.headings import add_field_number, strip_field_number
from seed.mapping.profile import ColumnRule, Profile
from seed.mapping.profile_values import accepts_several_values
from seed.mapping.questions import (
    IGNORE,
    MAX_ANSWER_LENGTH,
    MAX_SPELLINGS_SHOWN,
    SpellingQuestion,
    TagQuestion,
    ValueQuestion,
    name_columns,
)
from web.pages.languages import Language, mark
from web.pages.page import Page
from web.review.labels import label_flat_field, label_term, label_value
from web.review.plan_page import NOTHING_NEW
from web.review.review_request import Answer, Form, ReviewRequest, Step
from web.review.row_view import shorten

MAX_GROUPS = 3  # places and contacts of one row that have fields to choose
OTHER, FORGET = "other:", "forget:"  # before the names of fields of forms
ACCEPT = "accept"  # the name of the buttons that read all spellings as the first one
FIRST_SPELLING = "1"
NO_COLUMNS = "The fields of this file have a fixed meaning, so there are no columns to map."
ANSWERED_ALREADY = "One of these questions is not asked any more. Look at the page again, and send what is still open."
NO_SUCH_FIELD = mark("There is no such field. Choose one of the list.")
SAME_FIELD = mark(
    "“%(other)s” has the same field, and an organization has only one of it. Choose another field for one of the two columns."
)
GROUP_LABELS: Mapping[str, tuple[str, ...]] = {
    "location": (mark("First place"), mark("Second place"), mark("Third place")),
    "contact": (mark("First contact"), mark("Second contact"), mark("Third contact")),
}


def build_columns_page(request: ReviewRequest) -> Answer:
    """Return the page of the columns, each with its field and sample values. Raises BadInput if the file has none to map."""
    rules = _name_columns(request).columns
    return _build_columns(request, {heading: rule.field for heading, rule in rules.items()}, {})


def take_columns(request: ReviewRequest) -> Answer:
    """Take the field of every column and plan again. With a wrong answer, return the page with all answers and what is wrong."""
    profile = _name_columns(request)
    answers = {
        column.heading: request.form.get(f"column:{position}", profile.columns[column.heading].field)
        for position, column in enumerate(request.session.dataset.columns)
    }
    fields = {heading: "" if answer == IGNORE else answer for heading, answer in answers.items()}
    if errors := dict(_find_errors(request, fields)):
        return _build_columns(request, fields, errors)
    rules = {heading: _change_rule(profile.columns[heading], field) for heading, field in fields.items()}
    if rules == dict(profile.columns):
        return Step("/columns", message=NOTHING_NEW)
    request.session.change_profile(replace(profile, columns=rules))
    return Step("/working")


def _name_columns(request: ReviewRequest) -> Profile:
    session = request.session
    if session.profile is None or not session.dataset.columns:
        raise BadInput(NO_COLUMNS)
    return name_columns(session.profile, session.dataset.columns)


def _change_rule(rule: ColumnRule, field: str) -> ColumnRule:
    return rule if rule.field == field else ColumnRule(field)


def _find_errors(request: ReviewRequest, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the columns whose fields are wrong, with the reasons."""
    counts = Counter(fields.values())
    for heading, field in fields.items():
        if field and (len(field) > MAX_ANSWER_LENGTH or find_field_kind(field) is None):
            yield heading, request.translate(NO_SUCH_FIELD)
        elif field and counts[field] > 1 and not accepts_several_values(field):
            other = next(each for each, its_field in fields.items() if its_field == field and each != heading)
            yield heading, request.translate(SAME_FIELD, other=other)


def _build_columns(request: ReviewRequest, fields: Mapping[str, str], errors: Mapping[str, str]) -> Page:
    columns = [
        {
            "heading": column.heading,
            "samples": [shorten(value) for value in column.values],
            "field": fields[column.heading],
            "reason": column.reason,
            "error": errors.get(column.heading),
        }
        for column in request.session.dataset.columns
    ]
    groups = list_field_groups(request.language)
    known = {field for _, options in groups for field, _ in options}
    extra = sorted({field for field in fields.values() if field and field not in known and find_field_kind(field) is not None})
    others = [(field, label_flat_field(field, request.language)) for field in extra]
    values = {"columns": columns, "groups": groups, "other_fields": others, "ignore": IGNORE}
    return Page("review_columns.html", values, 422 if errors else 200)


def list_field_groups(language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the fields that a column can have, in groups with labels."""
    own = [*FIELDS, *(f"link:{kind}" for kind in LINK_KINDS), "identifier:US-EIN"]
    groups = [(language.gettext(mark("The organization")), own)]
    for group in GROUPS:
        parts = [field for field in GROUP_FIELDS if field.startswith(f"{group}.")]
        for number, label in enumerate(GROUP_LABELS[group][:MAX_GROUPS], start=1):
            groups.append((language.gettext(label), [add_field_number(field, number) for field in parts]))
    return [(label, [(field, _label_option(field, label, language)) for field in fields]) for label, fields in groups]


def _label_option(field: str, group: str, language: Language) -> str:
    """Return the label of a field. That of a second or third place or contact also says which it is."""
    label = label_flat_field(field, language)
    return label if strip_field_number(field) == field else f"{group}: {label}"


def build_values_page(request: ReviewRequest) -> Answer:
    """Return the page of the values and tags that are not understood."""
    return _build_values(request, {})


def take_values(request: ReviewRequest) -> Answer:
    """Take the meanings of values and tags, forget others, and plan again. If one is wrong, return the page and all answers."""
    profile = request.session.profile or Profile({})
    changed, errors = _forget(profile, request.form), {}
    questions = {question.key: question for question in _list_questions(request)}
    for key, answer in _list_answers(request.form):
        if key not in questions:
            raise BadInput(ANSWERED_ALREADY)
        try:
            changed = questions[key].apply(changed, answer)
        except BadInput as problem:
            errors[key] = problem.user_message
    if errors:
        return _build_values(request, errors)
    if changed == profile:
        return Step("/values", message=NOTHING_NEW)
    request.session.change_profile(changed)
    return Step("/working")


def _list_questions(request: ReviewRequest) -> Sequence[ValueQuestion | TagQuestion | SpellingQuestion]:
    session = request.session
    return [*session.value_questions, *session.tag_questions, *session.spelling_questions]


def _list_answers(form: Form) -> Iterator[tuple[str, str]]:
    """Yield the keys of questions with their answers.

    A text that was typed takes precedence over what was chosen, and a button that accepts a spelling over both.
    """
    accepted = form.get(ACCEPT, "")
    if accepted:
        yield accepted, FIRST_SPELLING
    for name in dict.fromkeys(name.removeprefix(OTHER) for name in form):
        answer = form.get(f"{OTHER}{name}", "").strip() or form.get(name, "")
        if name.startswith(("value:", "tag:", "spelling:")) and answer and name != accepted:
            yield name, answer


def _forget(profile: Profile, form: Form) -> Profile:
    """Return the profile without the meanings that the person wants to be asked about again."""
    names = {name.removeprefix(FORGET) for name in form if name.startswith(FORGET)}
    values = {
        field: {text: meaning for text, meaning in meanings.items() if f"value:{field}:{text}" not in names}
        for field, meanings in profile.values.items()
    }
    terms = {tag: term for tag, term in profile.terms.items() if f"tag:{tag}" not in names}
    changed = replace(profile, values={field: meanings for field, meanings in values.items() if meanings}, terms=terms)
    return changed if names else profile


def _build_values(request: ReviewRequest, errors: Mapping[str, str]) -> Page:
    session, form, profile = request.session, request.form, request.session.profile or Profile({})
    values = {
        "value_questions": [_build_value(question, request, errors) for question in session.value_questions],
        "tag_questions": [_build_tag(question, request, errors) for question in session.tag_questions],
        "spelling_questions": [_build_spelling(question, form, errors) for question in session.spelling_questions],
        "answers": list(_list_known(profile, request.language)),
        "ignore": IGNORE,
    }
    return Page("review_values.html", values, 422 if errors else 200)


def _build_value(question: ValueQuestion, request: ReviewRequest, errors: Mapping[str, str]) -> dict[str, Any]:
    choices = [
        (answer, label_value(question.field.partition(".")[0], answer, request.language)) for answer, _ in question.choices
    ]
    return {
        "key": question.key,
        "heading": question.heading,
        "value": shorten(question.value),
        "count": question.count,
        "choices": choices,
        "answer": request.form.get(question.key, ""),
        "error": errors.get(question.key),
    }


def _build_tag(question: TagQuestion, request: ReviewRequest, errors: Mapping[str, str]) -> dict[str, Any]:
    form = request.form
    return {
        "key": question.key,
        "tag": shorten(question.tag),
        "count": question.count,
        "nearest": [(term, label_term(term, request.language)) for term in question.nearest],
        "answer": form.get(question.key, ""),
        "other_name": f"{OTHER}{question.key}",
        "other": form.get(f"{OTHER}{question.key}", ""),
        "error": errors.get(question.key),
    }


def _build_spelling(question: SpellingQuestion, form: Form, errors: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": question.key,
        "heading": question.heading,
        "spellings": [(text, shorten(text), count) for text, count in question.spellings[:MAX_SPELLINGS_SHOWN]],
        "more": max(0, len(question.spellings) - MAX_SPELLINGS_SHOWN),
        "answer": form.get(question.key, ""),
        "other_name": f"{OTHER}{question.key}",
        "other": form.get(f"{OTHER}{question.key}", ""),
        "error": errors.get(question.key),
    }


def _list_known(profile: Profile, language: Language) -> Iterator[tuple[str, str, str]]:
    """Yield the meanings that the profile has: the name of the field of the form, the text of the list, and its meaning."""
    for field, meanings in profile.values.items():
        for text, meaning in meanings.items():
            yield f"{FORGET}value:{field}:{text}", text, label_value(field.partition(".")[0], meaning, language)
    for tag, term in profile.terms.items():
        yield f"{FORGET}tag:{tag}", tag, label_term(term, language)
