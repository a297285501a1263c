"""What stands in each kind of report, in the order in which a reader meets it; other rooms make the pieces."""
