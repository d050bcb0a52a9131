"""Projects: tasks that belong together, in sections."""
