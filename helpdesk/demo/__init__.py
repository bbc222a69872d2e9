"""A believable shop for an empty database.

people ─► orders ─► tickets (planned) ─► stage, world (played with the real services) ─► fill, arrivals
"""
