"""Labels: words that tasks carry."""
