"""The schema, one SQL file a step; a landed file never changes."""
