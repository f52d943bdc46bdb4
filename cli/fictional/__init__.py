"""A network that does not exist, of any size: for trying, tests and benchmarks. Nothing in it can be taken for real."""
