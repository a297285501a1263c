"""Choices in partitions: looked at, written and read one at a time."""
