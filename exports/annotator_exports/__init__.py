"""Result objects in, files out: gold, labels, agreement, manifest. Never a database."""
