"""Todoist's exports."""
