"""Judging methods: ask about a pair, read the reply."""
