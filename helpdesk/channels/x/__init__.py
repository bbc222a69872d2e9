"""Direct messages of X: webhooks of the activity API, sending within its small limits."""
