"""The example searches of the README and of the server's greeting find something in the records that `./dev run` serves."""

import re
from pathlib import Path

from docs.produced_blocks import renew_page
from web.server.example_query import NEXT_STEPS

README = (Path(__file__).parents[2] / "README.md").read_text()
ANSWER = "<!-- produced: answer -->\n<!-- end -->\n"


def answer(document: str) -> str:
    """Return the answer as the pages of the docs show it."""
    return renew_page(f"```graphql\n{document}\n```\n{ANSWER}").partition("```json")[2]


def test_both_searches_of_the_readme_find_one_organization() -> None:
    in_words, with_conditions = (answer(document) for document in re.findall(r"'query=(\{.*?\n    \})'", README, re.S))
    assert '"totalCount": 1' in in_words
    assert "Chicago Anti-Eviction Campaign" in in_words
    assert '{"original": "evictons", "corrected": "evictions"}' in in_words
    assert '"totalCount": 1' in with_conditions
    assert '"distance": 540' in with_conditions


def test_the_search_in_plain_words_of_the_greeting_finds_something() -> None:
    (document,) = re.findall(r"in plain words: +(\{.*\})$", NEXT_STEPS, re.M)
    assert '"name": ' in answer(document)
