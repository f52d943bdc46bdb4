"""Report a plan: every row and what happens to it, and a corrections file with the rows to fix and import again."""
