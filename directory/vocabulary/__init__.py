"""The controlled vocabularies: terms (issue areas, communities, work areas, languages) and regions.

`terms` and `regions` hold the vocabularies, loaded from the files in data/; `region_files` reads the region files;
`spelling_index` finds similar names for suggestions.
"""
