"""One file for each thing that can happen to a ticket."""
