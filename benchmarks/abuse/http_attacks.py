"""Malicious raw HTTP requests: abusive headers, trailers, chunks and pipelines, as bytes on the wire."""

from collections.abc import Callable

HOST = b"Host: 127.0.0.1\r\n"
DOCUMENT = b'{"query": "{ __typename }"}'
POST = b"POST /graphql HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


class RawRequest(bytes):
    """A whole request as bytes on the wire."""


def _build_with_headers(headers: bytes) -> Callable[[str], RawRequest]:
    def build_request(turn: str) -> RawRequest:
        return RawRequest(
            POST + b"X-Turn: %b\r\n" % turn.encode() + headers + b"Content-Length: %d\r\n\r\n" % len(DOCUMENT) + DOCUMENT
        )

    return build_request


def _build_chunked(pieces: bytes, trailers: bytes = b"") -> Callable[[str], RawRequest]:
    last_chunk = b"%x\r\n%b\r\n0\r\n" % (len(DOCUMENT), DOCUMENT)
    return lambda turn: RawRequest(CHUNKED + pieces + last_chunk + b"X-Turn: %b\r\n" % turn.encode() + trailers + b"\r\n")


HTTP_FAMILIES: dict[str, Callable[[str], RawRequest]] = {
    "a cookie of 120,000 escapes": _build_with_headers(b'Cookie: a="' + b"\\" * 120_000 + b'"\r\n'),
    "a cookie of 15,000 escapes": _build_with_headers(b'Cookie: a="' + b"\\" * 15_000 + b'"\r\n'),
    "60,000 cookies": _build_with_headers(b"Cookie: " + b"a;" * 60_000 + b"\r\n"),
    "32,000 headers": _build_with_headers(b"a:\r\n" * 32_000),
    "40,000 tags": _build_with_headers(b"If-None-Match: " + b'"",' * 40_000 + b"\r\n"),
    "a million chunks": _build_chunked(b"1\r\n \r\n" * 1_000_000),
    "250,000 trailers": _build_chunked(b"", b"a:\r\n" * 250_000),
    "100,000 requests in a row": lambda turn: RawRequest(
        b"GET /graphql?query=%7B__typename%7D%23"
        + turn.encode()
        + b" HTTP/1.1\r\n"
        + HOST
        + b"\r\n"
        + b"GET / HTTP/1.1\r\n\r\n" * 100_000
    ),
    "a mutation looked for by GET": lambda turn: RawRequest(
        b"GET /graphql?query=%7B" + b"__typename+" * 1_400 + b"%7D%23mutation" + turn.encode() + b" HTTP/1.1\r\n" + HOST + b"\r\n"
    ),
}
