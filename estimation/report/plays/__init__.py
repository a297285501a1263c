"""Reports on theories of play."""
