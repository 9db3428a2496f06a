"""How people read: the command line, the end-of-run report, later web pages and exports.

Belongs here: everything that prints, and turning published frames into pages. It reads the published snapshot and nothing else.
Does not: running (orchestration/), calculating (dbt_project/, ml/), publishing (preaudit/snapshot.py).
docs/architecture.md says more.
"""
