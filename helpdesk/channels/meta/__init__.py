"""What Meta's channels share, and Messenger and Instagram, which differ in little."""
