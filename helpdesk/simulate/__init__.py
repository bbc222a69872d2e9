"""Plays the providers of social channels: signed webhooks into a running helpdesk, a server for what it sends out."""
