"""Articles that answer questions before anybody has to: written by agents, found and read by customers."""
