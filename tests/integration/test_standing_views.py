"""Views that a daily run leaves as they stand hold no date of the run that made them."""

import json

from orchestration.dbt import STANDING_VIEWS, ensure_manifest

PREFIX = "macro.preaudit."
DATES = {f"{PREFIX}{name}" for name in ("first_day", "last_day", "first_new_day", "run_value")}
# The source's time zone is a value of the run as well, and the only one that does not change from day to day.
TIME_ZONE = {f"{PREFIX}{name}" for name in ("local_to_utc", "local_date")}


def test_views_that_are_left_out_of_a_daily_build_depend_on_no_date_of_a_run():
    manifest = json.loads(ensure_manifest().read_text(encoding="utf-8"))
    macros = {name: macro["depends_on"]["macros"] for name, macro in manifest["macros"].items() if name.startswith(PREFIX)}
    views = [node for node in manifest["nodes"].values() if node["config"].get("materialized") == "view"]
    standing = [node for node in views if any(".".join(node["fqn"][1:]).startswith(folder) for folder in STANDING_VIEWS)]

    def used(names: list[str], seen: set[str]) -> set[str]:
        for name in names:
            if name in macros and name not in seen | TIME_ZONE:
                seen.add(name)
                used(macros[name], seen)
        return seen

    assert len(standing) > 30
    dated = {node["name"] for node in views if used(node["depends_on"]["macros"], set()) & DATES}
    assert "int_entities__assignment_day" in dated
    assert dated & {node["name"] for node in standing} == set()
