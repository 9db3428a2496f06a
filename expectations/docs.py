"""GX Data Docs: the stored results of every check, and the pages made of them.

Belongs here: storing merged results and building the pages. Does not: checking (validation.py).
"""

from pathlib import Path
from typing import Any

from expectations.columns import Feed
from expectations.validation import RuleOutcome, context
from preaudit.settings import Settings


def store(settings: Settings, feed: Feed, delivery_id: int, outcomes: list[RuleOutcome]) -> None:
    """Store one delivery's results for the pages."""
    results = [outcome.result for outcome in outcomes]
    store_results(settings, f"{feed.source}.{feed.name}", f"delivery_{delivery_id:06d}", results)


def store_results(settings: Settings, suite_name: str, run_name: str, results: list[Any]) -> None:
    """Store results under a suite and a run name; the same pair again replaces them."""
    from great_expectations.core import ExpectationSuiteValidationResult, RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import ExpectationSuiteIdentifier, ValidationResultIdentifier
    from great_expectations.validator.validator import calc_validation_statistics

    statistics = calc_validation_statistics(results)
    run = RunIdentifier(run_name=run_name)
    value = ExpectationSuiteValidationResult(
        success=statistics.success,
        results=results,
        suite_name=suite_name,
        statistics={
            "evaluated_expectations": statistics.evaluated_expectations,
            "successful_expectations": statistics.successful_expectations,
            "unsuccessful_expectations": statistics.unsuccessful_expectations,
            "success_percent": statistics.success_percent,
        },
        meta={"run_id": run},
    )
    key = ValidationResultIdentifier(ExpectationSuiteIdentifier(suite_name), run, run_name)
    context(settings.home, settings.data_docs).validation_results_store.set(key, value)


def build(settings: Settings) -> Path:
    """Write the pages and return the path of index.html."""
    context(settings.home, settings.data_docs).build_data_docs()
    return settings.data_docs / "index.html"
