"""A synthetic BPO that delivers the 17 feeds, with failures that come from hidden causes we know.

Here belong the latent world, the feeds it leaves behind, the dirt planted on purpose, and the truth. Nothing of the
pipeline belongs here, and nothing outside this folder, the demo and the tests may read the truth. docs: simulation/README.md.
"""

from simulation.engine import SimulationReport, simulate

__all__ = ["SimulationReport", "simulate"]
