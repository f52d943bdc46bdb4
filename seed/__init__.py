"""Import of records.

An import reads a file into rows (`sources/`), maps their columns to fields (`mapping/`), cleans the values (`clean/`), finds the
record that each row refers to (`resolve/`), merges, shows a plan and applies it in one transaction (`plan/`). `rows` has the
shape of a row. `plan_report` says what people see of a plan, `field_changes` says it of one record, and `report_files` writes
reports and corrections files. `network_records` plans the records in `data/`.
"""
