"""Who writes: found by identity, and everything about them on one line of time."""
