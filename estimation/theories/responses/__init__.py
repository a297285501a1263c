"""From payoffs to probabilities: response rules, habits, and the compiled loops behind them."""
