"""Regulation as code: facts about one purchase in, findings with their law and their open questions out."""
