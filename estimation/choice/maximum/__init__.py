"""Maximum-likelihood estimates and their standard errors."""
