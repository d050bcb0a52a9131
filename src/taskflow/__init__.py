"""TaskFlow: a task manager for people and teams."""

__version__ = "0.1.0"
