"""People who write on social channels: who they are there, what is talked in, and until when they may be answered."""
