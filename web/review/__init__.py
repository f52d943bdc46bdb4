"""The review of an import: a page for staff on their own computer, with the plan, their decisions, and what was written."""
