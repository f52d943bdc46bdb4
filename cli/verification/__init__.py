"""Verify records again: the command `due`, and the letters that ask organizations whether their record is right."""
