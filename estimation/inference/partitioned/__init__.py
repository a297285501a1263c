"""Fits to more people than one memory holds: nodes stay where they are made, populations and sums travel."""
