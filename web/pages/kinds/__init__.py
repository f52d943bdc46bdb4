"""The pages of coalitions, events and human-rights instruments: lists that can be searched, and a page for each record."""
