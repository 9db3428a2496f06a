"""The assets, one module per stage of the way of the data: ingestion, transformation, risk, publication.

Belongs here: asset definitions and their blocking checks. Does not: anything that could be tested without Dagster.
"""
