"""Who may see one client sees nothing of another one, on no page and in no count."""

from console.access.roles import Scope
from tests.console_web.conftest import Console


def test_another_clients_entities_are_in_no_list_and_on_no_page(console: Console) -> None:
    other = console.client("viewer", "other.person", Scope(clients=frozenset({"C2"})))
    assert other.get("/processes.json").json()["total"] == 0
    assert other.get("/processes/P01").status_code == 404
    assert other.get("/today.json").json()["not_evaluable"]["all_pairs"] == 0
    assert other.get("/controls/matrix.json").json()["rows"] == []
    assert "Claims intake" not in other.get("/controls/HR-02").text
    assert "Nobody is ranked on this day" in other.get("/processes").text


def test_ones_own_client_is_seen_but_not_who_is_too_few_to_be_placed(console: Console) -> None:
    own = console.client("viewer", "own.person", Scope(clients=frozenset({"C1"})))
    assert own.get("/processes.json").json()["total"] == 2
    assert own.get("/agents.json").json()["total"] == 2, "the third agent works alone, so no client is published for them"


def test_rows_that_belong_to_no_client_and_evidence_of_the_whole_company_are_kept_back(console: Console) -> None:
    own = console.client("viewer", "own.person", Scope(sites=frozenset({"Manila"})))
    data = own.get("/data.json").json()
    assert data["quarantine"] == []
    assert data["quarantine_counts"] == []
    assert "belong to no client yet" in own.get("/data").text
    assert own.get("/evidence.json").json()["packs"] == []
    assert own.get("/evidence/verify").status_code == 403
