"""How long it takes to find allies, coverage and coalition plans."""
