"""Spreadsheets into the catalog: batch, mapping, preview, apply."""
