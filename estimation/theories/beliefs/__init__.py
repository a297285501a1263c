"""What people believe of what they are told: how far, of whom, and after which experience."""
