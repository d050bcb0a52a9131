"""Undo: what a person did, taken back."""
