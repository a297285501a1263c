"""Facts of what people did, and which of them a theory misses."""
