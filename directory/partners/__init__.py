"""Finding partners: allies, coverage and coalition plans.

Everything here is a pure function of one audience's snapshot: it does no I/O, and the same snapshot and question give the same
answer in every process.
"""
