"""/plan: the smallest coalition that covers themes in places, as a page and as a file."""
