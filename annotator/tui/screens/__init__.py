"""The screens, one package or module each, with its style sheet beside it."""
