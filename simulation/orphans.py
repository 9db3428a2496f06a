"""What nobody owns or sees: accounts without a holder, and days on which the logs of a client's system are lost.

Both belong here because nobody's slip is behind them, only the discipline of a process and the IT queue. Failure rules they can
break: ACC-01 (orphan accounts), SEC-04 (gaps in the logs).
"""

import numpy as np

from simulation.access import APPLICATION, Access
from simulation.ledger import Ledger
from simulation.tables import DAY, Array
from simulation.world import World

ORPHANS_A_DAY, GAPS_A_DAY = 0.0012, 0.0016  # per client; its processes share the blame


class Orphans:
    """Creates accounts without a holder, and says which systems are silent today."""

    def __init__(self, world: World, access: Access, rng: np.random.Generator) -> None:
        self._world, self._access, self._rng = world, access, rng

    def step(self, day: int, staffed: Array, ledger: Ledger) -> Array:
        """One day on.

        Args:
            day: today.
            staffed: per process, whether anybody is on shift: an empty log is a gap only there.
            ledger: where failures and chances go.

        Returns:
            Per system, whether its logs of today are lost.
        """
        world, access, rng = self._world, self._access, self._rng
        every, clients = np.arange(world.count), access.systems - 2
        slack = np.bincount(world.client, world.slack, clients) / np.bincount(world.client, minlength=clients)
        chance = np.minimum(ORPHANS_A_DAY * np.exp(0.8 * slack + 0.3 * world.queue), 0.5)
        made = rng.random(clients) < chance
        client = np.flatnonzero(made)
        start = int(access.seconds(day)) + 10 * 3_600
        access.a.append(
            len(client),
            owner=-1,
            system=2 + client,
            kind=0,
            use=APPLICATION,
            created=start,
            disabled=start + rng.integers(10, 60, len(client)) * DAY,
            used=day,
        )
        ledger.process_chance("ACC-01", day, every, chance[world.client])
        ledger.fail_process("ACC-01", day, every[made[world.client]], day)

        gap = np.minimum(GAPS_A_DAY * np.exp(0.5 * world.queue), 0.5)
        silent = rng.random(clients) < gap
        ledger.process_chance("SEC-04", day, every, gap * staffed)
        ledger.fail_process("SEC-04", day, every[silent[world.client] & staffed], day)
        return np.concatenate([[False, False], silent])
