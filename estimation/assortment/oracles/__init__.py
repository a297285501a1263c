"""Exact maximisers of a linear gain over the feasible menus, one structure per file."""
