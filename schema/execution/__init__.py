"""Execution of GraphQL documents: from the text of a document to the bytes of its answer.

Read these in order. execute.py answers a request. prepared_document.py finds or prepares its document; literals.py takes the literals
out of its text. plan.py runs the operation; selections.py works out what it selects, and codegen.py writes the functions for that.

fragments.py keeps the bytes of records and whole answers. coercion.py and input_types.py convert variables and arguments. cost.py and
prices.py compute the price. graphql_core.py executes the requests that a plan declines.
"""
