"""The method: evidence to intervals, intervals to a decision, all in whole numbers. No Django.

The specification is `vrm-1.0`; docstrings name its sections as "2.4". Start with `engine.compute`.
"""
