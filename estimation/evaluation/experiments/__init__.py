"""Several experiments: what they say together, and what holds beyond one of them."""
