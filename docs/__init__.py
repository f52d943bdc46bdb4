"""The pages for people who build on the directory; what can be produced from the code is."""
