"""What was believed before the data: priors in full, what they say of people, and what of behaviour."""
