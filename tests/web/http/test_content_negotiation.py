"""Content negotiation (RFC 9110, section 12.5): every form of the headers."""

import pytest

from web.http.content_negotiation import MAX_ACCEPT_LENGTH, accepts_gzip, negotiate_media_type, prefers_html
from web.http.responses import GRAPHQL_JSON, JSON


@pytest.mark.parametrize(
    ("accept", "expected"),
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
def test_the_preferred_media_type_is_chosen(accept: str, expected: str) -> None:
    assert negotiate_media_type(accept) == expected


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
def test_no_acceptable_media_type(accept: str) -> None:
    assert negotiate_media_type(accept) is None


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("accept", [BROWSER, "text/html", "text/html;q=0.6, application/json;q=0.5"])
def test_html_is_preferred(accept: str) -> None:
    assert prefers_html(accept)


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "text/*", "text/html, application/json", f"text/html;q=0.9, {GRAPHQL_JSON}", "text/html;q=0", "text/html;q=nan"],
)
def test_html_is_not_preferred(accept: str) -> None:
    assert not prefers_html(accept)


@pytest.mark.parametrize(
    ("accept_encoding", "expected"),
    [
        ("gzip, deflate, br", True),
        ("GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=nothing", False),
        ("br", False),
        ("", False),
    ],
)
def test_gzip_is_accepted_if_it_is_named(accept_encoding: str, expected: bool) -> None:
    assert accepts_gzip(accept_encoding) is expected
