"""What is deleted, and how it goes."""
