"""API tokens: what they may, and when they end."""

import pytest
from sqlalchemy import text

from console.access.roles import Permission, Role
from console.access.tokens import GRANTABLE


@pytest.fixture
def admin(console):
    return console.client(Role.ADMIN)


def make(admin, *permissions: str, name: str = "siem", **fields: str) -> str:
    given = {"csrf": admin.csrf, "name": name, "days": "30", "permissions": list(permissions), **fields}
    page = admin.post("/tokens", data=given)
    assert page.status_code == 200, page.text
    return page.text.split("<code>")[1].split("</code>")[0]


def ask(console, secret: str, path: str, method: str = "GET", **options):
    return console.browser().request(method, path, headers={"authorization": f"Bearer {secret}"}, **options)


def test_a_token_may_what_it_was_given_and_nothing_else(console, admin):
    secret = make(admin, "read_decisions")
    assert ask(console, secret, "/decisions.json").status_code == 200
    assert ask(console, secret, "/audit-log.json").status_code == 403
    assert ask(console, secret, "/users.json").status_code == 403


def test_a_token_ends_by_time_and_when_it_is_revoked(console, clock, admin):
    first, second = make(admin, "read_decisions"), make(admin, "read_decisions", name="other")
    newest = admin.get("/tokens.json").json()["tokens"][0]["token_id"]
    assert admin.post(f"/tokens/{newest}/revoke", data={"csrf": admin.csrf}).status_code == 303
    assert ask(console, second, "/decisions.json").status_code == 401
    assert ask(console, first, "/decisions.json").status_code == 200
    clock.advance(days=30)
    assert ask(console, first, "/decisions.json").status_code == 401


def test_a_program_decides_under_the_name_of_its_token(console, admin):
    secret = make(admin, "decide", "read_decisions")
    assert ask(console, secret, "/decisions/process/P01", "POST", data={"kind": "acknowledged"}).status_code == 303
    history = ask(console, secret, "/decisions/process/P01.json").json()["history"]
    assert [row["decided_by"] for row in history] == ["token:siem"]


def test_the_store_keeps_no_secret(console, admin):
    secret = make(admin, "read_decisions")
    with console.store.reading() as db:
        assert secret not in str(db.execute(text("select * from tokens")).all())
    assert secret not in admin.get("/tokens").text + admin.get("/audit-log.json").text


@pytest.mark.parametrize("permission", sorted(set(Permission) - GRANTABLE))
def test_no_program_is_given_what_only_people_may(admin, permission):
    fields = {"csrf": admin.csrf, "name": "x", "days": "30", "permissions": [permission.value]}
    assert admin.post("/tokens", data=fields).status_code == 409


@pytest.mark.parametrize("fields", [{"days": "0"}, {"days": "366"}, {"name": " "}, {"permissions": []}, {"permissions": ["fly"]}])
def test_a_token_without_end_name_or_purpose_is_refused(admin, fields):
    given = {"csrf": admin.csrf, "name": "x", "days": "30", "permissions": ["decide"], **fields}
    assert admin.post("/tokens", data=given).status_code in (409, 422)


@pytest.mark.parametrize("header", ["Bearer preaudit_wrong", "Bearer ", "Basic cm9vdDpyb290", "nonsense"])
def test_a_wrong_token_is_401_even_with_a_good_cookie(console, admin, header):
    assert admin.get("/users.json", headers={"authorization": header}).status_code == 401
