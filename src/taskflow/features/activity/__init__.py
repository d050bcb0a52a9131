"""What happened to a thing, and by whom."""
