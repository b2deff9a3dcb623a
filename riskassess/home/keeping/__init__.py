"""Keeping an installation: one file that holds all of it, and getting it back."""
