"""Reports on theories of talk."""
