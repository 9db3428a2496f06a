"""What every part of Preaudit shares: settings, the warehouse's door, ingestion, the published snapshot.

Belongs here: code that two or more folders need and that is not about controls, models or reading.
Does not: Dagster (orchestration/), data rules (expectations/), SQL transformations (dbt_project/), maths (ml/).
docs/architecture.md says more.
"""
