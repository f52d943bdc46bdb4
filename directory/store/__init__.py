"""Store the directory in SQLite or PostgreSQL. The only package that imports SQLAlchemy.

`store.py` is the entry point: open a database, read it, write to it, migrate it. `read_transaction.py` lists everything that can
be read from one state of the directory, and `write.py` is the one way to change it. The subpackages hold the engines and
migrations (`database`), the log of every change (`ledger`) and the tables of the current records (`records`).
"""
