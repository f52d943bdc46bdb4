"""GraphQL over HTTP, and the rules that all routes share.

`graphql_endpoint` answers /graphql. The other files hold one rule each: parsing a request, content negotiation, caching, trusted
documents, allowed hosts and security headers.
"""
