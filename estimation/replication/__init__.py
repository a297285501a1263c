"""Published numbers, computed anew: what is reproduced, what differs, and what was not attempted, and why."""
