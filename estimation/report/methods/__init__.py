"""A paragraph on methods that a paper can print, true of the very fit that it describes."""
