"""What choices cannot tell, found before anything is computed."""
