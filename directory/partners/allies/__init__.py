"""Allies: organizations that would make good partners, each with reasons whose contributions add up to its score.

`request` is what is asked, `evidence` finds who shares what, `allies` adds the evidence up, and `reasons` puts it into words.
"""
