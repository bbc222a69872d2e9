"""What happened, told to the open windows at once: facts of names and keys, who is where, other processes."""
