"""Requests to /graphql as bytes: ordinary, unusual and invalid ones."""

import gzip

from web.http.graphql_request import BODY_LIMIT, INLINE_BODY_BYTES, SEPARATOR_LIMIT

TYPENAME = b'{"query": "{ __typename }"}'
GET_TYPENAME = "/graphql?query=%7B__typename%7D"
ORIGIN = "https://example.org"
NESTED = b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 3_000 + b"]" * 3_000 + b"}}"


def build(
    body: bytes | None = TYPENAME,
    *headers: str,
    start: str = "POST /graphql HTTP/1.1",
    host: str | None = "localhost",
    content_type: str | None = "application/json",
) -> bytes:
    """Return a request. Without a body there is no Content-Length and no Content-Type."""
    lines = [start, *([f"Host: {host}"] if host is not None else []), *headers]
    if body is not None:
        lines += [*([f"Content-Type: {content_type}"] if content_type is not None else []), f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


def ask(document: str, rest: str = "") -> bytes:
    return build(f'{{"query": "{document}"{rest}}}'.encode())


def get(target: str = GET_TYPENAME, *headers: str) -> bytes:
    return build(None, *headers, start=f"GET {target} HTTP/1.1")


def send_chunked(body: bytes, *trailers: str) -> bytes:
    head = build(None, "Content-Type: application/json", "Transfer-Encoding: chunked")
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (body[:5], body[5:]))
    return head + chunks + b"0\r\n" + "".join(f"{trailer}\r\n" for trailer in trailers).encode() + b"\r\n"


# Served by the fast path
ORDINARY = {
    "a usual request": build(),
    "a document with an error": ask("{ nothing }"),
    "a syntax error": ask("{"),
    "an operation": ask("query Find { __typename }", ', "operationName": "Find"'),
    "an unknown operation": ask("query Find { __typename }", ', "operationName": "Other"'),
    "variables": ask("query($n: Int) { organizations(first: $n) { totalCount } }", ', "variables": {"n": 1}'),
    "a wrong variable": ask("query($n: Int) { organizations(first: $n) { totalCount } }", ', "variables": {"n": 0}'),
    "an unknown term": ask('{ organizations(filter: {issueAreas: {anyOf: [\\"hausing\\"]}}) { totalCount } }'),
    "an unknown document": build(b'{"documentId": "none"}'),
    "both documents": build(b'{"documentId": "none", "query": "{ __typename }"}'),
    "introspection": ask("{ __schema { types { name fields { name description type { name kind } } } } }"),
    "names in capitals": build().replace(b"Content-Type", b"CONTENT-TYPE").replace(b"Host", b"HOST"),
    "names in lower case": build().replace(b"Content-Type", b"content-type").replace(b"Host", b"host"),
    "spaces around values": build(content_type="  application/json  "),
    "a charset": build(content_type="application/json;charset=UTF-8"),
    "a quoted charset": build(content_type='Application/JSON; charset="utf-8"'),
    "another charset": build(content_type="application/json; charset=latin-1"),
    "another content type": build(content_type="application/graphql"),
    "an empty content type": build(content_type=""),
    "no content type": build(content_type=None),
    "compressed": build(gzip.compress(TYPENAME, mtime=0), "Content-Encoding: gzip"),
    "not compressed": build(TYPENAME, "Content-Encoding: Identity"),
    "the newer media type": build(TYPENAME, "Accept: application/graphql-response+json"),
    "the newer media type and an error": build(b'{"query": "{ x }"}', "Accept: application/graphql-response+json"),
    "several media types": build(TYPENAME, "Accept: text/html, application/json;q=0.5, application/graphql-response+json;q=0.4"),
    "an empty Accept": build(TYPENAME, "Accept:"),
    "no acceptable type": build(TYPENAME, "Accept: image/png"),
    "a long Accept": build(TYPENAME, f"Accept: {'image/png, ' * 300}"),
    "a form by POST from a browser": build(TYPENAME, "Accept: text/html"),
    "a port in Host": build(host="localhost:8000"),
    "a host in capitals": build(host="LocalHost"),
    "an IPv6 host": build(host="[::1]:80"),
    "credentials": build(TYPENAME, "Authorization: Bearer x"),
    "empty credentials": build(TYPENAME, "Authorization:"),
    "a session": build(TYPENAME, "Cookie: a=b; session=x"),
    "a session after a wide space": build(TYPENAME, "Cookie: a=b;\xa0session=x"),
    "another cookie": build(TYPENAME, "Cookie: a=session; sessions=x"),
    "an origin": build(TYPENAME, f"Origin: {ORIGIN}"),
    "a forwarded address": build(TYPENAME, "X-Forwarded-For: 203.0.113.5"),
    "a request to continue": build(TYPENAME, "Expect: 100-continue"),
    "an upgrade": build(TYPENAME, "Connection: Upgrade", "Upgrade: h2c"),
    "chunks": send_chunked(TYPENAME),
    "chunks and a trailer": send_chunked(TYPENAME, "Authorization: Bearer x"),
    "the old protocol": build(start="POST /graphql HTTP/1.0"),
    "the old protocol, kept alive": build(TYPENAME, "Connection: keep-alive", start="POST /graphql HTTP/1.0"),
    "the last request": build(TYPENAME, "Connection: close"),
    "a whole address": build(start="POST http://localhost/graphql HTTP/1.1"),
    "an encoded path": build(start="POST /%67raphql HTTP/1.1"),
    "a query string by POST": build(start=f"POST {GET_TYPENAME} HTTP/1.1"),
    "a byte order mark": build(b"\xef\xbb\xbf" + TYPENAME),
    "spaces around the body": build(b" \r\n\t" + TYPENAME + b"\n"),
    "UTF-16": build(TYPENAME.decode().encode("utf-16")),
    "invalid UTF-8": build(b'{"query": "\xff"}'),
    "half a character": build(b'{"query": "{ __typename } # \\ud800"}'),
    "a key twice": build(b'{"query": "{ a }", "query": "{ b }"}'),
    "a nested key twice": ask("{ __typename }", ', "variables": {"a": {"b": 1, "b": 2}}'),
    "a list": build(b"[" + TYPENAME + b"]"),
    "no body": build(b""),
    "NaN": ask("{ __typename }", ', "variables": {"a": NaN}'),
    "a long number": ask("{ __typename }", f', "variables": {{"a": {"9" * 5_000}}}'),
    "deep nesting": build(NESTED),
    "too many commas": build(b'{"query": [' + b"," * (SEPARATOR_LIMIT + 1) + b"]}"),
    "a large body": build(TYPENAME.ljust(INLINE_BODY_BYTES + 1)),
    "a body that is too large": build(TYPENAME.ljust(BODY_LIMIT + 1)),
    "GET": get(),
    "GET of another version": get(GET_TYPENAME, 'If-None-Match: "x"'),
    "GET of any version": get(GET_TYPENAME, "If-None-Match: *"),
    "GET of a personal field": get("/graphql?query=%7Bviewer%7Baudience%7D%7D"),
    "GET with variables": get("/graphql?query=%7B__typename%7D&variables=%7B%22a%22%3A1%7D"),
    "GET with a parameter twice": get(f"{GET_TYPENAME}&query=x"),
    "GET without a document": get("/graphql"),
    "GET of a mutation": get("/graphql?query=mutation%7Ba%7D"),
    "GET of an invalid document": get("/graphql?query=%7B"),
    "a visit": get("/graphql", "Accept: text/html,*/*;q=0.8"),
    "a visit with a document": get(GET_TYPENAME, "Accept: text/html,*/*;q=0.8"),
}  # fmt: skip
# Left to Starlette
UNUSUAL = {
    "another host": build(host="evil.example.org"),
    "an empty host": build(host=""),
    "no host": build(host=None),
    "two hosts": build(TYPENAME, "Host: localhost"),
    "two content types": build(TYPENAME, "Content-Type: text/plain"),
    "two content types, the second is right": build(TYPENAME, "Content-Type: application/json", content_type="text/plain"),
    "two Accept headers": build(TYPENAME, "Accept: image/png", "Accept: application/graphql-response+json"),
    "two cookies": build(TYPENAME, "Cookie: a=b", "Cookie: session=x"),
    "two other headers": build(TYPENAME, "X-A: 1", "X-A: 2"),
    "HEAD": build(None, start=f"HEAD {GET_TYPENAME} HTTP/1.1"),
    "HEAD of an error": build(None, start="HEAD /graphql HTTP/1.1"),
    "OPTIONS": build(None, start="OPTIONS /graphql HTTP/1.1"),
    "a preflight request": build(
        None, f"Origin: {ORIGIN}", "Access-Control-Request-Method: POST", start="OPTIONS /graphql HTTP/1.1"
    ),
    "PUT": build(start="PUT /graphql HTTP/1.1"),
    "DELETE": build(None, start="DELETE /graphql HTTP/1.1"),
    "a slash at the end": build(start="POST /graphql/ HTTP/1.1"),
    "two slashes": build(start="POST //graphql HTTP/1.1"),
    "capitals": build(start="POST /GraphQL HTTP/1.1"),
    "another path": build(None, start="GET / HTTP/1.1"),
}
INVALID = {
    "not HTTP": b"hello\r\n\r\n",
    "two lengths": build(TYPENAME, "Content-Length: 3"),
    "a length and chunks": build(TYPENAME, "Transfer-Encoding: chunked"),
    "a wrong chunk": send_chunked(TYPENAME).replace(b"5\r\n", b"x\r\n", 1),
}
