"""Numbers and tables as text, for whoever has something to say."""
