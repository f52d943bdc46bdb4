"""The text of a record: comments on every field, and values that come back as they are."""

import tomllib

import pytest

from cli.editing.edited_text import find_origin, mark_problems, parse_text, remove_marks
from cli.editing.field_guide import FieldEntry, ValueShape, list_entries
from cli.editing.record_fields import ReferenceNames, to_fields
from cli.editing.record_text import open_existing, open_new, write_text
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.records import Link, RecordKind, Source
from directory.vocabulary.terms import ISSUE_AREAS
from tests.builders import a_stored_organization
from tests.cli.records_of_all_kinds import RECORDS
from tests.directory.store.stored_organizations import a_full_organization

NASTY = "He said \"no\" \\ 'yes' \"\"\" ''' # \u202e \x7f\x1b end"
ENTRIES = [(kind, entry) for kind in RecordKind for entry in list_entries(kind)]


def list_comments(kind: RecordKind) -> str:
    """Return the comments of an empty text, without line breaks."""
    lines = write_text(kind, {}, open_new(kind), {}).splitlines()
    return " ".join(line.removeprefix("# ") for line in lines)


@pytest.mark.parametrize(
    ("kind", "entry"), ENTRIES, ids=lambda value: value.name if isinstance(value, FieldEntry) else value.noun
)
def test_every_field_has_a_comment_and_a_place(kind: RecordKind, entry: FieldEntry) -> None:
    text = write_text(kind, {}, open_new(kind), {})
    assert entry.comment in list_comments(kind)
    assert entry.comment.endswith(".")
    header = {ValueShape.TABLES: f"# [[{entry.name}]]", ValueShape.TABLE: f"# [{entry.name}]"}
    assert header.get(entry.shape, f"# {entry.name} = {entry.shape.value}") in text.splitlines()
    assert all(part.comment.endswith(".") and f"# {part.name} = " in text for part in entry.parts)


@pytest.mark.parametrize("kind", list(RecordKind))
def test_a_field_whose_comment_sign_is_removed_can_be_parsed(kind: RecordKind) -> None:
    text = write_text(kind, {}, open_new(kind), {})
    for entry in list_entries(kind):
        start = f"# {entry.name} =" if entry.shape not in (ValueShape.TABLES, ValueShape.TABLE) else f"# [{entry.name}]"
        opened = text.replace(f"\n{start}", f"\n{start.removeprefix('# ')}", 1)
        assert tomllib.loads(opened).keys() <= {entry.name}


def test_long_lists_of_choices_are_at_the_end() -> None:
    assert ", ".join(list(ISSUE_AREAS.terms)[-3:]) in list_comments(RecordKind.ORGANIZATION)
    assert "One of PUBLIC, MEMBERS, STAFF." in list_comments(RecordKind.ORGANIZATION)


@pytest.mark.parametrize("record", [*RECORDS, a_full_organization()], ids=lambda record: record.slug)
def test_values_come_back_as_they_are(record: object) -> None:
    fields = to_fields(record, ReferenceNames())  # type: ignore[arg-type]
    kind = next(kind for kind in RecordKind if type(record).__name__ == f"Stored{kind.noun.title()}")
    text = write_text(kind, fields, open_existing("key", 7, "Name"), {})
    assert parse_text(text) == fields
    assert find_origin(text) is not None


def test_difficult_texts_come_back_and_break_no_line() -> None:
    record = a_stored_organization(
        "A\x1b\nname = 'B'",
        summary=NASTY,
        description=f"{NASTY}\n#! not a mark\n[[contacts]]\n{NASTY}",
        links=(Link("donate", f"https://a.example/{NASTY}"),),
        sources=(Source("name", NASTY), Source("summary", NASTY), Source("name", "B")),
    )
    fields = to_fields(record, ReferenceNames())
    text = write_text(RecordKind.ORGANIZATION, fields, open_existing("a", 1, record.name), {record.id: NASTY})
    assert parse_text(text) == fields
    assert [source["fields"] for source in fields["sources"]] == [["name", "summary"], ["name"]]
    assert "\x1b" not in text


class TestMarks:
    PROBLEM = Problem(("summary",), ErrorCode.BAD_INPUT, "Too\nlong.")

    def test_marks_can_be_removed_again_and_change_no_value(self) -> None:
        text = 'name = "A"\nsummary = "B"\n'
        marked = mark_problems(text, [self.PROBLEM])
        assert marked.splitlines()[2] == "#! summary: Too long."
        assert remove_marks(marked, marked) == text
        assert remove_marks(f"{marked}#! of the person\n", marked) == f"{text}#! of the person\n"

    def test_a_mark_that_would_get_into_a_text_is_at_the_top(self) -> None:
        text = 'description = """\nwe\nsummary = 1\n"""\n'
        marked = mark_problems(text, [self.PROBLEM])
        assert parse_text(marked) == parse_text(text)
        assert marked.splitlines()[1] == "#! summary: Too long."

    @pytest.mark.parametrize(
        ("path", "line"),
        [
            (("sources", 2, "title"), "title = 'second'"),
            (("sources", 1), "[[sources]]"),
            (("sites",), "[[locations]]"),
            (("locations", 1, "city"), "city = 'B'"),
            (("locations", 0, "state"), "# state = ''"),
            (("membership", "status"), "status = 'X'"),
            (("unknown",), "name = 'A'"),
        ],
    )
    def test_a_problem_is_marked_at_its_value(self, path: tuple[str | int, ...], line: str) -> None:
        text = (
            "name = 'A'\n[membership]\nstatus = 'X'\n[[locations]]\ncity = 'A'\n# state = ''\n[[locations]]\ncity = 'B'\n"
            "[[sources]]\nfields = ['name', 'summary']\ntitle = 'first'\n[[sources]]\nfield = 'name'\ntitle = 'second'\n"
        )
        lines = mark_problems(text, [Problem(path, ErrorCode.BAD_INPUT, "Wrong.")]).splitlines()
        mark = next(number for number, text_line in enumerate(lines) if number and text_line.startswith("#! "))
        assert lines[mark + 1] == line

    def test_many_problems_are_counted_and_only_some_marked(self) -> None:
        marked = mark_problems("name = 1", [self.PROBLEM] * 10_000)
        assert marked.startswith("#! 10,000 places to look at.")
        assert len(marked.splitlines()) < 100


@pytest.mark.parametrize(
    "text", ["", "name = 1", "# directory edit x", "# directory edit X Y, revision 3", "# directory edit a, revision x"]
)
def test_other_texts_have_no_origin(text: str) -> None:
    assert find_origin(text) is None


@pytest.mark.parametrize("text", ["[" * 100_000, "a = " + "{b=" * 10_000, "a." * 5_000 + "b = 1", "= 1", "a = '''"])
def test_hostile_texts_are_refused_and_can_be_marked(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_text(text)
    problems = refusal.value.params["problems"]
    assert mark_problems(text, problems).count("#! ") >= 1  # type: ignore[arg-type]
