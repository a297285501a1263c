"""One report, four forms: each writer turns the same document into the bytes of a file, and figures beside it."""
