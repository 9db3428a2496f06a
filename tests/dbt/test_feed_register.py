"""The feed register that dbt reads says what the feed contract says."""

import csv

from expectations.contract import feeds
from preaudit.settings import REPOSITORY

# The feeds in our own columns: those of the operation, and the decisions that the console delivers.
FEEDS = (*feeds("canonical"), *feeds("console"))


def test_the_register_has_every_feed_with_the_limits_of_the_contract() -> None:
    with (REPOSITORY / "dbt_project" / "seeds" / "feed_register.csv").open(encoding="utf-8", newline="") as file:
        register = {row["feed"]: (row["kind"], row["max_age_days"], row["may_be_empty"]) for row in csv.DictReader(file)}
    contract = {feed.name: (feed.kind, str(feed.max_age_days), str(feed.may_be_empty).lower()) for feed in FEEDS}
    assert register == contract
