"""Reports that move: a lever over menus, a market with sliders, people one by one; as a page or in a notebook."""
