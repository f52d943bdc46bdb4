"""Places in a sentence: `phrases` finds their names, `intent` says whether a place is meant, `conditions` what it stands for.

`regions` treats places and regions alike, `context` chooses among several places of one name, `steps` are the steps of parsing.
"""
