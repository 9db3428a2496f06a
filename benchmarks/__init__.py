"""What we claim about speed and memory, as programs: `python -m benchmarks.run --size S|M` measures and writes README.md.

Belongs here: the measuring, the hand-written competitor and the comparison of both results. Does not: anything the product needs.
"""
