"""What the customer bought and what it earned: orders with their parcels, and the points ledger."""
