"""Who is here, in which business unit, with which role, and so what they may see and do."""
