"""Arrays in, result objects out."""
