"""The mock audit: what an auditor would do with the period's population, done first by ourselves.

Belongs here: drawing a sample, judging it by the deviations it allows, completeness and accuracy of the population, the requests
that would follow, and the report. Does not: testing controls (dbt_project/), evidence packs (preaudit/evidence/). docs/audit.md
says more.
"""
