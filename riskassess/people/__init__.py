"""How people are kept: their roles, their ways in, invitations, and access in an emergency."""
