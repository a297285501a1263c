"""Demands on a menu, one concept per file."""
