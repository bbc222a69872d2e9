"""Reads for ops: period ─► measures ─► volume, times, rising ─► overview ─► screen and export."""
