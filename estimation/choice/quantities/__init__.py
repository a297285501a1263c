"""What follows from weights: probabilities, shares, willingness to pay, surplus."""
