"""The chat channel: what a visitor's message looks like in the journal, and how a widget is set."""
