"""Replication packages: a folder from which somebody else gets the numbers of a paper, and the check that they do."""
