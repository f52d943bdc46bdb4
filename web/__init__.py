"""The directory over HTTP, and the command `directory`."""
