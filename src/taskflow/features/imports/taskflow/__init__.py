"""TaskFlow's own export, read back."""
