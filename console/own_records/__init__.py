"""A worker's own record: the link that opens it, what stands in it, and what the worker contests.

Belongs here: access to what is held about oneself, and its correction. Does not: finding out who an agent is (console/reveals).
docs/console.md says more.
"""
