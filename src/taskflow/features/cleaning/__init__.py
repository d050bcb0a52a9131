"""Cleaning: what has expired is deleted."""
