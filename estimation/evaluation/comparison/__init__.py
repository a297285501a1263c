"""Which theory predicts better, and whether that is beyond doubt."""
