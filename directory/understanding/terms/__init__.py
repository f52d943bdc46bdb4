"""Terms in a sentence: `meanings` looks up phrases, `steps` are the steps of parsing, `conditions` builds the clauses."""
