"""The screen on which a rater reads a pair and decides."""
