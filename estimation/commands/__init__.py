"""The commands of the command line, one group per file; `estimation.cli` puts them together."""
