"""Plan an import: what each row would do, shown before anything is written.

Start with `import_plan.plan_import` and `apply_plan`. `planned_row` holds the result; `merge_row` decides which stated values
replace stored ones, and `diff` what a row changes and where each value came from.
"""
