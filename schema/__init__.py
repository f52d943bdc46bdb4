"""The GraphQL API: `types` describes what clients can ask for, `execution` runs their documents, `schema.py` joins the two.

Resolvers read published records from one in-memory snapshot. They never touch the database.
"""
