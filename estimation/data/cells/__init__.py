"""Cells of a column: numbers and labels, and words for rows that break a rule."""
