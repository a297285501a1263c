"""Models whose parameters everybody shares, or whose people are integrated out on a grid: a few numbers to find."""
