"""Tables that were never played, and what people would do elsewhere: simulations, predictions, counterfactuals."""
