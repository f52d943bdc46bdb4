"""A made-up network of any size, for trying out the directory, for tests and for benchmarks.

Every name, address and contact is recognizably fictional. `organizations` is the entry point; the other files draw its parts.
"""
