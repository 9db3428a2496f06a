"""What is worked out of a new snapshot before it is shown, so that its first reader does not wait.

Belongs here: the list of these pages. Does not: making them.
"""

from console.access.roles import Scope
from console.reading.controls import controls_page, coverage, frameworks_page, matrix_page
from console.reading.data import data_page
from console.reading.filters import Filter
from console.reading.forecast import forecast_page
from console.reading.ranked_list import ranked_list
from console.reading.reading import Reading
from console.reading.runs import runs_page
from console.reading.today import today_page
from console.reading.view import view


def prepare(reading: Reading) -> None:
    """The pages everybody opens, for those who may see all."""
    seen = view(reading, Scope())
    today_page(seen)
    for kind in ("process", "agent"):
        ranked_list(seen, kind, Filter())
    controls_page(seen)
    matrix_page(seen, 1)
    frameworks_page(seen, "")
    coverage(seen)
    forecast_page(seen)
    data_page(seen, "", "")
    runs_page(seen)
