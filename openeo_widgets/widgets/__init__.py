"""Widgets: traits, messages, layout. No I/O of their own."""
