"""The console's own store: users, sessions, decisions, reveals, tokens and the audit log, in SQLite or PostgreSQL.

Belongs here: one module per noun with its table, the connection (database.py) and the migrations. Does not: who may do what
(console/access), rules of decisions (console/decisions). Nothing here knows the warehouse or a snapshot.
"""
