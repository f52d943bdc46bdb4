"""A made-up network of any size, for trying out the directory, for tests and for benchmarks.

Every name, address and contact is recognizably fictional. `organizations` is the entry point, `network_records` adds coalitions,
events and instruments; the other files draw their parts.
"""
