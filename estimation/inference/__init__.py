"""Inference: from a theory and a table to draws, predictions and simulated tables."""
