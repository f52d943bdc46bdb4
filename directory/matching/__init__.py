"""Entity resolution: whether two records are the same organization, with the evidence. Pure functions without I/O.

The steps are: extract features (`match_record.py`), find candidates (`blocking.py`, `match_index.py`), compare names
(`compare_names.py`), places and contacts (`compare_details.py`), add up the points (`weights.py`) and decide (`decide.py`).
"""
