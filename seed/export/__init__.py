"""Records out again: one format a file, each a function that writes what an audience may see and nothing else."""
