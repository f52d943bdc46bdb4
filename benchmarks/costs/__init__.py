"""Compare the charged costs of requests and fields with measured ones."""
