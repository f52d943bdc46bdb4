"""Translations of the texts of the pages. `python -m web.pages.translations` updates es.po from templates and code."""
