"""One set of migrations for both engines."""
