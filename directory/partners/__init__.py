"""Finding partners: allies, coverage, coalition plans, the network of members, and what changed since a day.

Everything here is a pure function of one audience's snapshot, or of two: it does no I/O, and the same snapshot and question give
the same answer in every process.
"""
