"""How well people are predicted who were left out."""
