"""Chat as a service: visitors and their proofs, lines in order, answers, ratings, order look-up, mail to those away."""
