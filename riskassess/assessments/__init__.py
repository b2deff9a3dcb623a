"""An offering judged for a use: answers, runs, decisions."""
