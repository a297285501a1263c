"""Likelihoods of choices, with their gradients, as functions of plain arrays; and the way to their top."""
