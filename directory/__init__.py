"""A membership directory: what it holds, where it is kept, how it is found. Knows no GraphQL, HTTP or spreadsheet."""
