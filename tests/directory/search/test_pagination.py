"""The order of lists that are longer than a batch."""

from itertools import islice
from random import Random

import pytest

from directory.question import OrderField, Question, SortOrder
from directory.search.pagination import BATCH, ResultOrder
from directory.search.search_index import SearchIndex
from tests.builders import an_organization
from tests.directory.search.reference_search import sort_records

COUNT = 2 * BATCH + 100


def an_index(*years: int | None) -> SearchIndex:
    rng = Random(1)  # noqa: S311
    return SearchIndex.build(an_organization(f"{number:05}", founded=rng.choice(years)) for number in range(COUNT))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    "years",
    [
        (2001,),  # all share one number
        (None,),
        (2001, 2002, None),
        tuple(range(1000, 1000 + COUNT)),
    ],
    ids=["one", "unknown", "few", "many"],
)
def test_a_long_list_by_a_number(years: tuple[int | None, ...], descending: bool) -> None:
    index = an_index(*years)
    question = Question(order=SortOrder(OrderField.FOUNDED, descending))
    order = ResultOrder(question, index, index.rows.live_rows)
    expected = [
        index.rows.row_by_id[one.id] for one in sort_records(question, [record for _, record in index.rows.number_records()])
    ]
    assert list(order.iter_rows(None, backward=False)) == expected
    assert list(order.iter_rows(None, backward=True)) == expected[::-1]
    for index_in_list in (0, BATCH - 1, BATCH, COUNT - 1):
        position = order.find_position(expected[index_in_list])
        assert list(islice(order.iter_rows(position, backward=False), 20)) == expected[index_in_list + 1 : index_in_list + 21]
        assert (
            list(islice(order.iter_rows(position, backward=True), 20))
            == expected[max(index_in_list - 20, 0) : index_in_list][::-1]
        )
