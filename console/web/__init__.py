"""The web console: the application, its pages, templates and style sheet. No script is sent to the browser.

Belongs here: what a browser asks for. Does not: reading snapshots (console/reading), charts (console/charts), users and
permissions (console/access), the store (console/store).
"""
