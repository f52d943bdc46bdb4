"""Content negotiation (RFC 9110, 12.5.1): every way of saying what is wanted."""

import pytest

from web.http.content_negotiation import MAX_ACCEPT_LENGTH, negotiate_media_type
from web.http.responses import GRAPHQL_JSON, JSON


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("", JSON),
        ("  ", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("APPLICATION/JSON", JSON),
        ("application/json; charset=utf-8", JSON),
        ('application/json; charset="UTF-8"', JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}; charset=utf-8", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, {JSON}", GRAPHQL_JSON),
        (f"{JSON}, {GRAPHQL_JSON}", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON},{JSON};q=0.9", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.5, {JSON};q=0.9", JSON),
        (f"{GRAPHQL_JSON};q=0.5, {JSON};q=0", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0, */*", JSON),
        (f"{JSON};q=0, */*", GRAPHQL_JSON),
        (f"{JSON};q=0, application/*;q=0.1", GRAPHQL_JSON),
        (f"{JSON}, */*", JSON),
        (f"*/*, {GRAPHQL_JSON}", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.2, */*;q=0.8", JSON),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", JSON),
        ("text/html, application/json;q=0.001", JSON),
        (f"nonsense, ;;, {GRAPHQL_JSON};q=high, {JSON};q=0.3", JSON),
        (f"{JSON};profile=x;q=0.4, {GRAPHQL_JSON};q=0.3", JSON),
        ("text/html," * MAX_ACCEPT_LENGTH, JSON),
    ],
)
def test_what_is_wanted_is_given(accept: str, given: str) -> None:
    assert negotiate_media_type(accept) == given


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "text/*",
        "application/xml",
        "application/graphql+json",
        "application/json;q=0",
        "*/*;q=0",
        "*/*;q=0.000",
        "application/json;q=0, application/*;q=0",
        "application/json; charset=utf-16",
        "application/json;q=2",
        "application/json;q=-1",
        "application/json;q=NaN",
        "application/json;q=0.1234",
        "application/json;q=.",
        "application/json;q=٠.٥",
        "*/json",
        "json",
        ",",
    ],
)
def test_nothing_that_is_wanted_is_there(accept: str) -> None:
    assert negotiate_media_type(accept) is None
