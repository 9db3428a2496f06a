"""The pages, one module each with a `router`.

Belongs here: the list of them. A page is added by its module and one line here. Does not: the application (console/web/app.py).
"""

from fastapi import APIRouter

from console.web.pages import (
    account,
    agents,
    audit_log,
    controls,
    data,
    decisions,
    evidence,
    forecast,
    log_in,
    own_record,
    own_records,
    processes,
    provider,
    reveals,
    runs,
    start,
    today,
    tokens,
    users,
)

ROUTERS: tuple[APIRouter, ...] = (
    log_in.router,
    provider.router,
    start.router,
    account.router,
    today.router,
    processes.router,
    agents.router,
    controls.router,
    forecast.router,
    evidence.router,
    data.router,
    runs.router,
    decisions.router,
    reveals.router,
    own_records.router,
    own_record.router,
    users.router,
    tokens.router,
    audit_log.router,
)
