"""The first page, what every page shares, the demo."""
