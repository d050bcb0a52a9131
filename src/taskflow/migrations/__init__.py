"""Numbered SQL files, each marked expand, backfill or contract."""
