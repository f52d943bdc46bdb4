"""Where the directory is kept: tables, the ledger of every change, and the only way to write either."""
