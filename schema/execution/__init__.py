"""Execution of GraphQL documents within limits: parse, measure, validate, price, execute.

Start with execute.py. prepared_document.py and document_cache.py avoid repeated parsing; cost.py and prices.py compute the price.
"""
