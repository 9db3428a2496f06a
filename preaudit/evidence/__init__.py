"""Evidence packs: what an auditor gets of a control and a period, signed, and chained to the pack before it.

Belongs here: reading the facts of a control (facts.py), naming nobody (disguise.py), the files of a pack, its signature, the
chain, and their verification. Does not: testing controls (dbt_project/), printing (console/), starting daily builds
(orchestration/). docs/evidence.md says more.
"""
