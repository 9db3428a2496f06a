"""What people decide on listed items, and how it gets back to the pipeline as a feed.

Belongs here: the rules of decisions, their state today, the delivery. Does not: tables (console/store/decisions.py), pages
(console/web).
"""
