"""Designs of choice experiments: what they tell, and which tell most."""
