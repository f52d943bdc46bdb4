"""Coverage: who works on which theme in which region, and where the gaps are."""
