"""Who is asking and what they may do: users, passwords, sessions, roles, permissions, tokens, the limit on log-ins.

Belongs here: everything between a request and `Person`. Does not: tables (console/store), pages (console/web).
"""
