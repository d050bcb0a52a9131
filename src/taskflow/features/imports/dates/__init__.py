"""Dates and repetition in words."""
