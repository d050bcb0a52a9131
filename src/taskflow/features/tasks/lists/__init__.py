"""Lists of tasks, of one space or of several."""
