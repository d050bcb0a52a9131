"""The live socket: what changes is pushed as it changes."""
