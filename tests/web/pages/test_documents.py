"""The documents of the pages and the fragments that they share."""

import re

import pytest
from graphql import parse, validate

from schema.schema import SCHEMA
from web.pages.documents import FOLDER, FRAGMENTS_FOLDER, load_document

NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))
FRAGMENTS = sorted(path.stem for path in FRAGMENTS_FOLDER.glob("*.graphql"))


@pytest.mark.parametrize("name", NAMES)
def test_documents_are_valid_with_the_fragments_that_they_use(name: str) -> None:
    """Validation also refuses fragments that are not used."""
    assert validate(SCHEMA, parse(load_document(name))) == []


@pytest.mark.parametrize("name", FRAGMENTS)
def test_shared_fragments_have_the_names_of_their_files_and_several_users(name: str) -> None:
    assert re.search(rf"^fragment {name} on ", (FRAGMENTS_FOLDER / f"{name}.graphql").read_text(encoding="utf-8"), re.MULTILINE)
    assert len([document for document in NAMES if f"fragment {name} on" in load_document(document)]) > 1
