"""The data sets that the package knows: found or fetched, and read."""
