"""Dagster only: what runs, when and in what order.

Belongs here: assets, checks, jobs, schedules, sensors and the runner behind `preaudit run`; thin calls into the other folders.
Does not: SQL, maths, rule text. docs/runbook.md says what to do when something here is red.
"""
