"""Reports on menus of products."""
