"""The contract of each feed, as data, one module per area; docs/feeds.md is the same for a person.

Belongs here: columns, keys, allowed values, pairs, references. Does not: how they are checked (expectations/suites.py).
"""
