"""Import of records.

An import reads a file into rows (sources), maps their columns to fields (mapping), cleans the values (clean), finds the record
that each row refers to (resolve), merges, shows a plan and applies it in one transaction (plan), and reports (report).
"""
