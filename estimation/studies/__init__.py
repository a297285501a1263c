"""Studies of many fits: what a design could show, and whether what a fit says can be believed."""
