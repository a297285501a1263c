"""Discrete choice: from sets of alternatives to what people value."""
