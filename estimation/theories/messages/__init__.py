"""Theories of people who talk, one per file: what senders say and receivers do."""
