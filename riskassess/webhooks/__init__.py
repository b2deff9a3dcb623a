"""Webhooks: what happens here is told to a company's other programs, signed, and again until they have it."""
