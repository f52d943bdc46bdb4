"""Sources of records: each module turns one kind of file into rows.

`dataset_loader.py` is the entry point and recognizes the file. `formats/` reads tables from CSV, spreadsheets and GeoJSON;
`hsds/` reads HSDS data sets. The other modules know the columns of one source each: the IRS, OpenStreetMap, or ourselves.
"""
