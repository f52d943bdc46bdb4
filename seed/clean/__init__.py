"""From the text of cells to the fields of a draft. Every change that a person would want to know of is told as a repair."""
