"""Exports: the published results of one day, in forms that other tools read.

Belongs here: OSCAL documents, OCSF events, and CSV, each from a snapshot alone. Does not: evidence packs (preaudit/evidence/), or
what may be published (preaudit/published_tables.py). docs/exports.md says which field holds what.
"""
