"""The page of a search: its address, its list with reasons, its facets and map, and what is wrong with an address."""
