"""Choice data: which alternatives people were offered, and which they took."""
