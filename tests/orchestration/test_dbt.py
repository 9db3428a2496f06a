"""How dbt is started: parsed once for every warehouse, and let go of when it has ended."""

from orchestration.dbt import PARSED_WITH
from tests.dbt import scratch_warehouse


def test_tests_parse_the_project_with_the_values_the_program_parses_it_with() -> None:
    assert scratch_warehouse.PARSED_WITH == PARSED_WITH
