"""What each role may hold: the company's own role profiles and pairs nobody may hold together.

Only these lists belong here; the seeds role_profiles and sod_pairs of the dbt project say the same, and a test holds them equal.
Who gets and keeps what is decided in access.py and rights.py.
"""

import numpy as np

from simulation.feeds import ENTITLEMENTS, ROLES
from simulation.tables import Array

AGENT, SENIOR, LEAD, ANALYST = range(4)
READ, UPDATE, EXPORT, UNMASK, REFUND, APPROVE, REPORTS, DESKTOP, ADMIN = range(9)
PRIVILEGED = (APPROVE, ADMIN)
# In the client's application; everybody holds DESKTOP, and REPORTS with the tool. EXPORT is in no profile: it is asked for.
APPLICATION_RIGHTS = {
    AGENT: (READ, UPDATE),
    SENIOR: (READ, UPDATE, UNMASK, REFUND),
    LEAD: (READ, UPDATE, UNMASK, APPROVE, ADMIN),
    ANALYST: (READ, UNMASK),
}
TOXIC = ((REFUND, APPROVE), (EXPORT, UNMASK), (ADMIN, REFUND))

ALLOWED = np.zeros((len(ROLES), len(ENTITLEMENTS)), bool)
for _role, _rights in APPLICATION_RIGHTS.items():
    ALLOWED[_role, [*_rights, REPORTS, DESKTOP]] = True
ALLOWED.setflags(write=False)


def is_toxic_with(held: Array, entitlement: int) -> Array:
    """Mask over rows of `held` (one flag per entitlement): the further right makes a forbidden pair."""
    mates = [b if a == entitlement else a for a, b in TOXIC if entitlement in (a, b)]
    return np.asarray(held[:, mates].any(axis=1)) if mates else np.zeros(len(held), bool)
