"""Evaluation: can a fit be trusted, which theory predicts better, and what does each theory miss."""
