"""One module per version of the schema, never changed once released.

Belongs here: migrations. Does not: the schema as it is now (console/store).
"""
