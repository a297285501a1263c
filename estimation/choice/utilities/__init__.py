"""What is valued: terms of a utility, and the columns that they become."""
