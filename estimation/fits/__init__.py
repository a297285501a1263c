"""What every fit is made of, whatever was fitted."""
