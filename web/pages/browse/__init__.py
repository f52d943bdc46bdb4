"""Pages to look around in without a search: themes and places, each with the organizations that it leads to."""
