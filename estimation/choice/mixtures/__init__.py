"""People whose tastes are a mixture of normals: heavy tails, skewness and segments that no single normal has."""
