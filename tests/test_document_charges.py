"""The documents whose charges are measured."""

from graphql import parse, validate

from benchmarks import targets
from benchmarks.costs.document_charges import DocumentCharge, build_table, list_documents
from schema.schema import SCHEMA


def test_the_documents_of_the_page_are_found_with_their_variables() -> None:
    documents = list_documents()
    assert len(documents) > 4
    assert all(not validate(SCHEMA, parse(text)) for text, _ in documents)
    assert any(variables for _, variables in documents)
    assert all(("$" in text) or not variables for text, variables in documents)


def test_the_median_is_compared_with_the_target() -> None:
    least, most = targets.CHARGED_SHARE
    cheap, fair, dear = (DocumentCharge("a", 0.001, 0.001 * share) for share in (least / 2, (least + most) / 2, most * 2))
    verdicts = [build_table(1, charges).rows[-1][-1] for charges in ([cheap], [cheap, fair, dear], [dear])]
    assert verdicts == ["**missed**", "met", "**missed**"]
