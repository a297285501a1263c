"""Draws where everybody has the same weights."""
