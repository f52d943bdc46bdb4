"""Offline place lookup for the United States, from the data of the `zipcodes` package.

`gazetteer` is the entry point and builds the places. `place_search` decides which place a name means, with the parsers in
`place`. `postal_columns` derives compact columns from the package, `postal_cache` stores them in a file and
`postal_codes` gives access to them. `publishable_areas` decides which areas are large enough to be published by default.
"""
