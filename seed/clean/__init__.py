"""Clean a row: flat text cells become checked draft fields, with every repair and problem recorded.

Start with `row_cleaning.clean_row`. `name_parser`, `location_parser` and `contact_parser` read groups of cells, and `values/`
reads single values. `cleaning_log` has what they share: the log of repairs and problems of one row, and the cache of one import,
in which equal values are read once.
"""
