"""Many independent pieces of work: on whichever machines, each done once, none lost."""
