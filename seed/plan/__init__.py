"""Plan an import: what each row would do, shown before anything is written.

Start with `import_plan.plan_import` and `apply_plan`. `planned_row` holds the result; `diff` decides what a row changes.
"""
