"""A network that does not exist, of any size: for trying, tests and benchmarks. Nothing in it can be taken for real."""

from seed.fictional.entries import FOUNDED_YEARS, fictional_id, generate_fictional_organizations, seed_fictional_network

__all__ = ["FOUNDED_YEARS", "fictional_entries", "fictional_id", "seed_fictional"]
