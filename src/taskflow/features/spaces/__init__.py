"""Spaces: the unit of sharing, of ordering and of sharding."""
