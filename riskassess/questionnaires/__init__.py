"""Asking the vendor: question sets behind a link, the answers that come back, their review and their reuse."""
