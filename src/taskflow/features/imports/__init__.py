"""Bringing in what was kept elsewhere."""
