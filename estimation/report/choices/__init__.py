"""Reports on models of choice."""
