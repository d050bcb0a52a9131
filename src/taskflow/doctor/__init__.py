"""`taskflow doctor`: what is configured, what answers, and what to do about what does not."""
