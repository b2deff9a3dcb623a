"""Riskassess: may we buy this AI model, from this seller, on these machines, for that use?"""
