"""GraphQL over HTTP, and the rules that all routes share.

The way of a request to /graphql: web/server/connection.py parses HTTP, `fast_path` takes the request (or Starlette, with the
middleware of web/app.py, if there is something unusual about it), `graphql_endpoint` answers it, and the request log records it.
The other files hold one rule each: parsing a request, content negotiation, caching, trusted documents, allowed hosts and security
headers.
"""
