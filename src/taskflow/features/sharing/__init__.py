"""Sharing: what moves from one space to another."""
