"""What it takes to connect an account of each kind: the fields that are asked for and what is to be done there."""
