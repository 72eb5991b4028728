"""The built-in study: pairs of our own writing, shipped as a canonical pair file."""
