"""The audit trail: every change of every record, kept once, chained, and found missing when it is."""
