"""What a ticket is about and how soon it needs a person: tags, urgency with reasons, agents' corrections."""
