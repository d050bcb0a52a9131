"""All that requests ask of Redis."""
