"""Execution of GraphQL documents: from the text of a document to the bytes of its answer.

Read these in order: execute.py answers a request, prepared_document.py finds or prepares its document, plan.py runs the
operation, selections.py works out what it selects, codegen.py writes the functions for that, and cards.py keeps the bytes of
records.

literals.py takes the literals out of a text; coercion.py and input_types.py convert variables and arguments; cost.py and
prices.py compute the price; graphql_core.py executes the requests that a plan declines.
"""
