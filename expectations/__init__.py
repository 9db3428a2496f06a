"""What must be true of the data before it may feed anything: the feed contract, the gate, the guard of the feature table.

Belongs here: every declaration of a feed, a column or a rule, and everything that touches Great Expectations.
Does not: reading files (preaudit/ingestion), SQL transformations (dbt_project/). docs/architecture.md says more.
"""
