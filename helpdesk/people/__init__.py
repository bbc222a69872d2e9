"""Agents' accounts, how they sign in, and the brands they work for."""
