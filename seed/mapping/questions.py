"""The questions about a list before its plan: what its columns, values and tags mean. Each answer changes the profile.

The terminal and the review page ask the same questions. A question has a `text`, `samples` of cells, a `count` of rows, `choices`
to offer, and `apply`, which returns the profile with an answer. Its `key` is the same every time the list is read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.export.flat_fields import FIELDS, GROUP_FIELDS, FieldKind, find_field_kind
from directory.text import fold
from seed.clean.values.choices import CHOICE_FIELDS
from seed.mapping.column_mapping import fold_value
from seed.mapping.consent_columns import find_limited_field
from seed.mapping.heading_meaning import interpret_heading
from seed.mapping.headings import describe_field, strip_field_number
from seed.mapping.profile import ColumnRule, Profile
from seed.mapping.profile_values import accepts_several_values, count_unknown_tags, find_term_choice, suggest_terms
from seed.mapping.value_patterns import EMPTY_VALUES, explain_choice, guess_choice, is_choice, understands_choice
from seed.rows import Row
from seed.sources.dataset import ColumnSample

IGNORE = "-"  # the answer that leaves out a column, a value or a tag
MAX_QUESTIONS = 200  # about values, and about tags
MAX_ANSWER_LENGTH = 200  # characters
MAX_SPELLINGS_SHOWN = 20  # of one value

Choices: TypeAlias = tuple[tuple[str, str], ...]  # answers, each with its meaning in words


class ColumnQuestion(Struct, frozen=True, kw_only=True):
    """What does a column hold? `rule` is the guess, or what the profile states; `reason` says why it was guessed."""

    heading: str
    rule: ColumnRule
    samples: tuple[str, ...]
    reason: str = ""

    @property
    def key(self) -> str:
        return f"column:{self.heading}"

    @property
    def text(self) -> str:
        limited = None if self.rule.field else find_limited_field(self.heading)
        advice = f". It may say who must not be published. To limit what is shown: {limited}" if limited else ""
        return f'"{self.heading}": {describe_rule(self.rule)}{advice}'

    @property
    def choices(self) -> Choices:
        return tuple((field, describe_field(field)) for field in (*FIELDS, *GROUP_FIELDS))

    def apply(self, profile: Profile, answer: str) -> Profile:
        """Return the profile with the field that the answer names, by its name or as a heading; IGNORE for none.

        Another column with that field is not imported any more, unless an organization can have several values of it. The
        columns of the profile must have their headings (`name_columns`). Raises BadInput if there is no such field.
        """
        text = require_short(answer)
        field = "" if text == IGNORE else _find_field(text)
        if field is None:
            raise BadInput(f'There is no field "{text}".', argument="answer")
        rules = dict(profile.columns)
        for other, rule in rules.items():
            if field and other != self.heading and rule.field == field and not accepts_several_values(field):
                rules[other] = ColumnRule("")
        before = rules.get(self.heading, self.rule)
        return replace(profile, columns={**rules, self.heading: before if before.field == field else ColumnRule(field)})


class ValueQuestion(Struct, frozen=True, kw_only=True):
    """What does a value mean that is not one of its field's choices?"""

    field: str  # without its number
    heading: str
    value: str
    count: int  # of rows

    @property
    def key(self) -> str:
        return f"value:{self.field}:{fold_value(self.value)}"

    @property
    def text(self) -> str:
        words = dict(self.choices)
        options = f"Write one of these: {', '.join(words.values())}."
        guess = words.get(str(guess_choice(self.field, self.value)))
        explanation = explain_choice(self.field, self.value, f"It is read as {guess}. {options}" if guess else options)
        return f'"{self.heading}" is "{self.value}" in {count_rows(self.count)}. {explanation}'

    @property
    def samples(self) -> tuple[str, ...]:
        return (self.value,)

    @property
    def choices(self) -> Choices:
        return tuple((choice.value, choice.value.lower().replace("_", " ")) for choice in CHOICE_FIELDS[self.field].choices)

    def apply(self, profile: Profile, answer: str) -> Profile:
        """Return the profile with the meaning of the value; IGNORE leaves it out. Raises BadInput if it is not a choice."""
        text = require_short(answer)
        if text != IGNORE and not (text and understands_choice(self.field, text)):
            raise BadInput(explain_choice(self.field, text), argument="answer")
        return add_meanings(profile, self.field, {self.value: "" if text == IGNORE else text})


class TagQuestion(Struct, frozen=True, kw_only=True):
    """What does a tag mean that is in no vocabulary? `nearest` are terms that are near in meaning, best first."""

    tag: str
    count: int  # of rows
    nearest: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"tag:{self.tag}"

    @property
    def text(self) -> str:
        return f'The tag "{self.tag}" in {count_rows(self.count)} is unknown.'

    @property
    def samples(self) -> tuple[str, ...]:
        return (self.tag,)

    @property
    def choices(self) -> Choices:
        return tuple((term, term) for term in self.nearest)

    def apply(self, profile: Profile, answer: str) -> Profile:
        """Return the profile with the term of the tag; IGNORE leaves it out. Raises BadInput with terms that may be meant.

        The answer is a slug, a label, or the number of a nearest term, from 1.
        """
        text = require_short(answer)
        term = "" if text == IGNORE else self._find_term(text)
        if term is None:
            raise BadInput(f'There is no term "{text}". {suggest_terms(text)}', argument="answer")
        return replace(profile, terms={**profile.terms, self.tag: term})

    def _find_term(self, text: str) -> str | None:
        if text.isascii() and text.isdigit() and 1 <= int(text) <= len(self.nearest):
            return self.nearest[int(text) - 1]
        return find_term_choice(text) if text else None


class SpellingQuestion(Struct, frozen=True, kw_only=True):
    """Are these spellings of one value? `spellings` has their numbers of rows, the suggested one first."""

    field: str  # without its number
    heading: str
    spellings: tuple[tuple[str, int], ...]

    @property
    def key(self) -> str:
        return f"spelling:{self.field}:{fold_value(self.spellings[0][0])}"

    @property
    def text(self) -> str:
        return f'"{self.heading}": these may be {len(self.spellings)} spellings of one value, in {count_rows(self.count)}.'

    @property
    def count(self) -> int:
        return sum(count for _, count in self.spellings)

    @property
    def samples(self) -> tuple[str, ...]:
        return tuple(text for text, _ in self.spellings)

    @property
    def choices(self) -> Choices:
        return tuple((text, f"{text} ({count_rows(count)})") for text, count in self.spellings[:MAX_SPELLINGS_SHOWN])

    def apply(self, profile: Profile, answer: str) -> Profile:
        """Return the profile that reads all spellings as the answer, or with IGNORE keeps each as it is.

        The answer is the number of a spelling, from 1, or a text. Raises BadInput if it is empty or not a choice of the field.
        """
        text = require_short(answer)
        if text.isascii() and text.isdigit() and 1 <= int(text) <= len(self.samples) and text not in self.samples:
            text = self.samples[int(text) - 1]
        if text == IGNORE:  # a text that is not a choice cannot be the meaning of one, so nothing can be remembered
            return profile if is_choice(self.field) else add_meanings(profile, self.field, {one: one for one in self.samples})
        if not text:
            raise BadInput("Choose one of the spellings, or write a text.", argument="answer")
        if not understands_choice(self.field, text):
            raise BadInput(explain_choice(self.field, text), argument="answer")
        return add_meanings(profile, self.field, {one: text for one in self.samples if one != text})


def name_columns(profile: Profile, columns: Sequence[ColumnSample]) -> Profile:
    """Return the profile with a rule for each column of the list, under its heading, whatever the profile called it."""
    rules = {column.heading: profile.columns.get(column.heading, ColumnRule(column.field or "")) for column in columns}
    return replace(profile, columns=rules)


def list_column_questions(columns: Sequence[ColumnSample], profile: Profile) -> list[ColumnQuestion]:
    """Return a question for each column, in their order. The profile comes from `name_columns`."""
    return [
        ColumnQuestion(heading=column.heading, rule=profile.columns[column.heading], samples=column.values, reason=column.reason)
        for column in columns
    ]


def list_value_questions(rows: Iterable[Row], profile: Profile) -> list[ValueQuestion]:
    """Return a question for each value that is not understood and that the profile does not map, most frequent first.

    There are at most MAX_QUESTIONS.
    """
    mapped = profile.meanings
    counts = Counter(
        (strip_field_number(field), heading, text)
        for row in rows
        for field, heading in row.columns.items()
        if is_choice(field) and (text := row.cells.get(heading, "").strip())
    )
    return [
        ValueQuestion(field=field, heading=heading, value=text, count=count)
        for (field, heading, text), count in counts.most_common()
        if not (understands_choice(field, text) or fold(text) in EMPTY_VALUES or fold_value(text) in mapped.get(field, ()))
    ][:MAX_QUESTIONS]


def list_tag_questions(rows: Iterable[Row], profile: Profile) -> list[TagQuestion]:
    """Return a question for each unknown tag that the profile does not map, most frequent first; at most MAX_QUESTIONS.

    A tag that the profile reads as another one counts as that one, even if the rows were read before it did.
    """
    counts, nearest = count_unknown_tags(rows)
    others = _list_tag_replacements(profile)
    merged = Counter[str]()
    for tag, count in counts.items():
        merged[others.get(fold_value(tag), tag)] += count
    unknown = [(tag, count) for tag, count in merged.most_common() if tag in nearest and tag not in profile.terms]
    return [TagQuestion(tag=tag, count=count, nearest=tuple(nearest[tag])) for tag, count in unknown[:MAX_QUESTIONS]]


def _list_tag_replacements(profile: Profile) -> Mapping[str, str]:
    """Return what the profile reads instead of each tag, by its folded form."""
    tags = [meanings for field, meanings in profile.meanings.items() if find_field_kind(field) is FieldKind.TERMS]
    return {text: meaning for meanings in tags for text, meaning in meanings.items()}


def add_meanings(profile: Profile, field: str, meanings: Mapping[str, str]) -> Profile:
    """Return the profile with these meanings of texts in a field; "" leaves a text out."""
    return replace(profile, values={**profile.values, field: {**profile.values.get(field, {}), **meanings}})


def require_short(answer: str) -> str:
    """Return the answer without spaces around it. Raises BadInput if it is longer than MAX_ANSWER_LENGTH."""
    if len(answer) > MAX_ANSWER_LENGTH:
        raise BadInput(f"An answer has at most {MAX_ANSWER_LENGTH} characters. Shorten it.", argument="answer")
    return answer.strip()


def describe_rule(rule: ColumnRule) -> str:
    return f"{rule.field} ({describe_field(rule.field)})" if rule.field else "not imported"


def count_rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _find_field(text: str) -> str | None:
    """Return the field that a person wrote by its name or as a heading: "location.city", "city". None if none or several fit."""
    if find_field_kind(text) is not None:
        return text
    meanings = interpret_heading(text).meanings
    return meanings[0].field if len(meanings) == 1 else None
