"""Reveals: who is behind a pseudonym, for one person, with a reason, a second person's yes, for some hours, and logged.

Belongs here: asking, answering, reading. Does not: the sealed file (preaudit/identities.py), pages (console/web).
"""
