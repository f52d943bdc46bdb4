"""Suggestions while someone types. `suggest` is the entry point, `Suggestion` the result; `completions` completes sentences."""
