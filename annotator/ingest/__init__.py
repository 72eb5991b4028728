"""Files in, pairs out; every error names file and line."""
