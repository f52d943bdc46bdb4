"""The page of one organization."""
