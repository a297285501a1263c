"""Populations: how people differ, and the integral over what nobody can see of a person."""
