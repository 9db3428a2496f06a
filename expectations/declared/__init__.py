"""The contract of each feed, as data, one module per area.

Belongs here: columns, keys, allowed values, pairs, references. Does not: how they are checked (expectations/suites.py).
"""
