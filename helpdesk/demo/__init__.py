"""A believable shop for an empty database: people ─► orders ─► tickets ─► stage (real services) ─► fill, arrivals."""
