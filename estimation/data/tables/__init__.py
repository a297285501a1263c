"""Tables that have been checked, the schema they follow, and the games they were played in."""
