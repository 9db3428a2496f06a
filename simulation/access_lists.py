"""The lists of systems, accounts and entitlements as an export shows them on one day.

The feeds `systems`, `accounts` and `entitlements` belong here. What becomes of an account is decided in access.py.
"""

import numpy as np

from simulation.access import Access
from simulation.tables import NULL, Array
from simulation.world import World


def access_lists(day: int, access: Access, world: World) -> dict[str, dict[str, Array]]:
    """The whole lists of systems, accounts and entitlements as of the end of this day."""
    a, g = access.a, access.grants
    end = int(access.seconds(day + 1))
    system = np.arange(access.systems)
    first = np.array([np.flatnonzero(world.client == client)[0] for client in range(access.systems - 2)])
    regulated = np.concatenate([[-1, -1], world.regulated[first]])
    rows = np.flatnonzero(a.created < end)
    disabled = np.where(a.disabled[rows] < end, a.disabled[rows], NULL)
    accounts = {
        "account_id": rows,
        "worker_id": a.owner[rows],
        "system_id": a.system[rows],
        "kind": a.kind[rows],
        "is_enabled": (disabled == NULL).astype(int),
        "created_at": a.created[rows],
        "disabled_at": disabled,
        "is_mfa_enrolled": np.where(a.kind[rows] == 0, 1, -1),
    }
    given = np.flatnonzero(g.granted < end)
    off = a.disabled[g.account[given]]
    off = np.where((g.revoked[given] != NULL) & ((off == NULL) | (off > g.revoked[given])), g.revoked[given], off)
    grants = {
        "account_id": g.account[given],
        "entitlement": g.entitlement[given],
        "is_privileged": g.privileged[given],
        "client_id": g.client[given],
        "granted_at": g.granted[given],
        "revoked_at": np.where((off != NULL) & (off < end), off, NULL),
        "request_ticket_id": g.ticket[given],
        "approved_until": g.until[given],
    }
    systems = {
        "system_id": system,
        "name": np.minimum(system, 2),
        "client_id": np.maximum(system - 2, -1),
        "regulated": regulated,
    }
    return {"systems": systems, "accounts": accounts, "entitlements": grants}
