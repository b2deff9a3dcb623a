"""The rulebook and the method as pages and as docs/rulebook.md: generated, so they cannot lag behind."""
