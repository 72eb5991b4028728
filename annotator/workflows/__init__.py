"""The use cases, where the other layers meet."""
