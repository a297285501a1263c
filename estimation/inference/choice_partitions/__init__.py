"""Models of choice on more people than one memory holds: choices stay where they are, sums over people travel."""
