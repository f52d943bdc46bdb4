"""Drafts: records submitted by people and files, before they are stored.

`organization_draft` and `draft_parts` validate a draft, `normalize` brings single values into one form, `problems` reports what
is wrong, and `geocoding` turns a stated place into a stored one.
"""
