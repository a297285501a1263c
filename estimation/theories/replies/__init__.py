"""What people reply who think about others: chains of best and of noisy replies, and equilibria."""
