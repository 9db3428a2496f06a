"""From the published snapshot to what a page says: plain data, no web.

Belongs here: opening the current snapshot once for all requests, and one module per page that makes its data.
Does not: addresses, permissions and templates (console/web/), pictures (console/charts/), people's decisions (console/store/).
"""
