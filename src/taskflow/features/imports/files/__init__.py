"""Files that others wrote, read piece by piece and held to limits."""
