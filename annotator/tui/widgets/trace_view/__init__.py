"""A view of one long text in sections: wrapped, marked, selectable, and fast at any length."""
