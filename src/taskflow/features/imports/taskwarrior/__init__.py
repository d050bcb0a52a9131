"""Taskwarrior's export."""
