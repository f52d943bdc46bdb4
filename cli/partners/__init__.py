"""The commands about partners: allies, coverage, coalition plans, the network and digests."""
