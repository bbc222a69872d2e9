"""One folder per kind of channel; each reads and writes its own wire format and nothing else."""
