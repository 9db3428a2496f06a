"""Charts as SVG, made on the server from declarations: no script, no style attribute, readable on a light and a dark ground.

Belongs here: drawing (svg.py) and one function per chart (lines.py). Does not: the figures that are drawn (console/reading/), or
the small trend lines of lists, which are a macro of the templates.
"""
