"""Clean a row: flat text cells become checked draft fields, with every repair and problem recorded.

Start with `row_cleaning.clean_row`. `values/` parses single values; `cleaning_log` collects what was repaired or refused.
"""
