"""Users: what an admin can do, and cannot."""

import pytest

from console.access.roles import Role


@pytest.fixture
def admin(console):
    return console.client(Role.ADMIN)


def test_a_changed_role_holds_at_once_since_sessions_end(console, admin):
    ben = console.client(Role.VIEWER, "ben")
    assert admin.post("/users/ben", data={"csrf": admin.csrf, "role": "operations", "is_active": "yes"}).status_code == 303
    assert ben.get("/account").status_code == 303


def test_the_last_admin_cannot_shut_everybody_out(console, admin):
    for change in ({"role": "viewer", "is_active": "yes"}, {"role": "admin"}):
        answer = admin.post("/users/admin.person", data={"csrf": admin.csrf, **change})
        assert answer.status_code == 409
        assert "last active admin" in answer.text
    assert admin.get("/users").status_code == 200


def test_an_auditor_needs_a_period(admin):
    fields = {"csrf": admin.csrf, "name": "aud", "role": "auditor"}
    assert admin.post("/users", data=fields).status_code == 409
    days = {"period_first_on": "2026-03-01", "period_last_on": "2026-02-01"}
    assert admin.post("/users", data=fields | days).status_code == 409
    assert admin.post("/users", data=fields | days | {"period_last_on": "soon"}).status_code == 422
    assert admin.post("/users", data=fields | days | {"period_last_on": "2026-04-01"}).status_code == 200


@pytest.mark.parametrize("name", ["", "a", "two words", "../etc", "<b>", "x" * 101])
def test_a_name_that_is_no_name_is_refused(admin, name):
    assert admin.post("/users", data={"csrf": admin.csrf, "name": name, "role": "viewer"}).status_code in (409, 422)


def test_a_name_is_taken_in_any_case(admin):
    fields = {"csrf": admin.csrf, "name": "ben", "role": "viewer"}
    assert admin.post("/users", data=fields).status_code == 200
    assert "already" in admin.post("/users", data=fields | {"name": "BEN"}).text


def test_a_form_without_the_sessions_token_changes_nothing(console, admin):
    other = console.client(Role.ADMIN, "second.admin")
    for csrf in ("", "wrong", other.csrf):
        assert admin.post("/users", data={"csrf": csrf, "name": "ben", "role": "viewer"}).status_code == 403
    assert admin.post("/users", data={"name": "ben", "role": "viewer"}).status_code == 403
    assert len(admin.get("/users.json").json()["users"]) == 2


def test_no_page_shows_a_password_hash_or_a_digest(console, admin):
    told = admin.get("/users.json").text + admin.get("/users/admin.person.json").text + admin.get("/audit-log.json").text
    assert "argon2" not in told
    assert "secret" not in told
