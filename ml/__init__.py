"""Frames in, numbers out: dataset, splits, baselines, training, calibration, evaluation, explanation, registry.

Belongs here: everything that turns feature and label frames (polars) into scores and figures about those scores.
Does not: SQL (dbt_project/), scheduling (orchestration/), or opening the warehouse (preaudit/warehouse.py).
"""
