"""Spreadsheets as grids with cell addresses, and what their cells say. Knows no vendors and no Django."""
