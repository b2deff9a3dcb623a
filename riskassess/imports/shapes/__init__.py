"""The shapes a sheet can have: how each is recognised, which columns it has, what its rows become.

`guess` proposes, a person decides, `registry` has one entry for each shape.
"""
