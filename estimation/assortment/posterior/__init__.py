"""Decisions under a posterior: the mixture of logits that the draws make."""
