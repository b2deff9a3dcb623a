"""The few words every layer shares. Standard library only."""
