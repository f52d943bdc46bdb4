"""SQLite and PostgreSQL: connections, transactions, error messages, bulk statements and migrations.

Nothing here knows what an organization is, except the migrations. Start with `engine.py`.
"""
