"""Columns that may say who must not be published: which headings are recognized, and what is said about their answers."""

from io import BytesIO
from pathlib import Path

import pytest

from seed.mapping.consent_columns import find_limited_field
from seed.mapping.profile import Profile
from seed.mapping.questions import list_column_questions, name_columns
from seed.sources.dataset import ColumnSample, ReadOptions
from seed.sources.dataset_loader import load_dataset

PLACE, CONTACT, RECORD = "location.disclosure", "contact.audience", "audience"
ASKING = {
    "¿Autoriza publicar su dirección?": PLACE,
    "OK to publish?": RECORD,
    "Do not share": RECORD,
    "May we list your organization in the directory?": RECORD,
    "Consent": RECORD,
    "Public?": RECORD,
    "Confidential address": PLACE,
    "Share phone number with members? (permission)": CONTACT,
    "do_not_publish": RECORD,
    "No publicar": RECORD,
    "¿Podemos compartir su correo?": CONTACT,
}
OTHERS = [
    "Publications",
    "Date published",
    "Public transit access",
    "Mailing list",
    "Photo consent",
    "Newsletter opt-in",
    "Do Not Email",
    "Can provide interpreters",
    "List No.",
    "Publicaciones",
    "x" * 300 + " consent",
]


@pytest.mark.parametrize("heading", ASKING)
def test_a_heading_that_asks_for_consent_is_recognized(heading: str) -> None:
    assert find_limited_field(heading) == ASKING[heading]


@pytest.mark.parametrize("heading", OTHERS)
def test_other_headings_are_not(heading: str) -> None:
    assert find_limited_field(heading) is None


def list_notes(folder: Path, text: str, **options: object) -> str:
    file = folder / "list.csv"
    file.write_text(text)
    dataset = load_dataset(file, ReadOptions(**options), BytesIO())  # type: ignore[arg-type]
    list(dataset.rows)
    return "\n".join(dataset.list_final_notes())


TEXT = "Organization,City,State,OK to publish?,Do not share\nAlder,Macon,GA,Yes,\nBirch,Macon,GA,no,x\nCedar,Macon,GA,,\n"


def test_staff_are_told_the_answers_and_how_to_use_them(tmp_path: Path) -> None:
    notes = list_notes(tmp_path, TEXT)
    assert notes == "\n".join(
        (
            'The column "OK to publish?" may say who must not be published, but nothing is withheld because of it.',
            '  Its answers: "Yes" (1), "no" (1), no answer (1)',
            "  To import only some rows: --where 'OK to publish? = Yes'",
            "  To import all, but show less of some: map it to audience with --interactive or in a profile",
            'The column "Do not share" may say who must not be published, but nothing is withheld because of it.',
            '  Its answers: no answer (2), "x" (1)',
            "  To import only some rows: --where 'Do not share = '",
            "  To import all, but show less of some: map it to audience with --interactive or in a profile",
        )
    )


def test_a_column_that_a_filter_uses_or_that_has_no_answers_is_not_mentioned(tmp_path: Path) -> None:
    notes = list_notes(tmp_path, TEXT, where=("ok to publish? = yes",))
    assert 'column "OK to publish?"' not in notes
    assert "may say" not in notes  # the only row that is left says nothing under "Do not share"


def test_the_suggested_filter_keeps_only_rows_that_permit_it(tmp_path: Path) -> None:
    list_notes(tmp_path, TEXT)
    for where, kept in (("OK to publish? = Yes", ["Alder"]), ("Do not share = ", ["Alder", "Cedar"])):
        rows = load_dataset(tmp_path / "list.csv", ReadOptions(where=(where,)), BytesIO()).rows
        assert [row.fields["name"] for row in rows] == kept


def test_many_answers_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"Alder {number},Macon,GA,answer {number}\n" for number in range(20))
    notes = list_notes(tmp_path, f"Organization,City,State,Publish?\n{rows}")
    assert notes.count("answer ") == 8
    assert "and 12 other answers" in notes
    assert "--where 'Publish? = ANSWER'" in notes


def test_the_question_about_the_column_proposes_a_field() -> None:
    columns = (ColumnSample("Do not share", None, ("x",)), ColumnSample("Town", None, ("Macon",)))
    asking, town = list_column_questions(columns, name_columns(Profile({}), columns))
    assert asking.text == '"Do not share": not imported. It may say who must not be published. To limit what is shown: audience'
    assert town.text == '"Town": not imported'
