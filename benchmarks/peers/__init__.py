"""The same questions over the same snapshot, answered by other GraphQL servers."""
