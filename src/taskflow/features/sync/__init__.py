"""One number that keeps every device the same."""
