"""The pages, one module each with a `router`.

Belongs here: the list of them. A page is added by its module and one line here. Does not: the application (console/web/app.py).
"""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
