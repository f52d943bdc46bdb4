"""The `directory` command.

`main` lists all commands. Each group of commands has a file: `find`, `export`, `seed`, `ledger`, `hiding`, `database`, `serve`.
The other files hold what commands share: exit codes, options, opening the store, and output for the terminal.
"""
