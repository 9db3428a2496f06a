"""Logging in and out, and when a session ends."""

import threading

import pytest

from console.access.roles import Role
from tests.console_web.conftest import PASSWORD, Console, home_beside


def log_in(console: Console, password: str = PASSWORD, name: str = "ana", **fields: str):
    browser = console.browser()
    return browser, browser.post("/log-in", data={"name": name, "password": password, **fields})


@pytest.fixture(autouse=True)
def ana(console: Console) -> None:
    console.add_user("ana", Role.VIEWER)


def test_the_right_password_opens_the_page_that_was_asked_for(console):
    asked = console.browser().get("/account")
    assert asked.headers["location"] == "/log-in?next=/account"
    browser, answer = log_in(console, next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "ana" in browser.get("/account").text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(console):
    cookie = log_in(console)[1].headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_with_https_the_cookie_is_secure_and_bound_to_the_host(published_home, clock, tmp_path):
    address = "https://preaudit.example.com"
    secure = Console(home_beside(published_home, tmp_path / "other", console_address=address), clock)
    secure.add_user("ana", Role.VIEWER)
    answer = log_in(secure)[1]
    secure.store.close()
    assert answer.headers["set-cookie"].startswith("__Host-session=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site_after_the_log_in(console, elsewhere):
    assert log_in(console, next=elsewhere)[1].headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(console):
    wrong, unknown = log_in(console, "not the password")[1], log_in(console, "not the password", "nobody")[1]
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace("ana", "nobody") == unknown.text


def test_five_wrong_passwords_close_the_door_for_a_quarter_of_an_hour(console, clock):
    for _ in range(5):
        assert log_in(console, "wrong")[1].status_code == 403
    assert log_in(console)[1].status_code == 429
    clock.advance(minutes=15)
    assert log_in(console)[1].status_code == 303


def test_guesses_sent_at_the_same_time_are_counted_too(console):
    def guess() -> None:
        answers.append(log_in(console, "wrong")[1].status_code)

    answers: list[int] = []
    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [403] * 5 + [429] * 7


def test_the_right_password_leaves_nothing_counted(console):
    for _ in range(21):
        assert log_in(console)[1].status_code == 303


def test_a_disabled_user_cannot_log_in_and_the_session_ends(console):
    browser, _ = log_in(console)
    with console.store.writing() as db:
        from console.access.users import find

        find(db, "ana").is_active = False
    assert browser.get("/account").status_code == 303
    assert log_in(console)[1].status_code == 403


def test_a_session_ends_when_it_is_idle(console, clock):
    browser, _ = log_in(console)
    for _ in range(3):
        clock.advance(minutes=59)
        assert browser.get("/account").status_code == 200
    clock.advance(minutes=60)
    assert browser.get("/account").status_code == 303


def test_a_session_ends_after_half_a_day_though_it_is_used(console, clock):
    browser, _ = log_in(console)
    for _ in range(23):
        clock.advance(minutes=31)
        assert browser.get("/account").status_code == 200
    clock.advance(minutes=31)
    assert browser.get("/account").status_code == 303


def test_log_out_ends_the_session_on_the_server(console):
    browser, _ = log_in(console)
    kept = browser.cookies["session"]
    page = browser.get("/account").text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    assert browser.post("/log-out", data={"csrf": csrf}).headers["location"] == "/log-in"
    thief = console.browser()
    thief.cookies.set("session", kept)
    assert thief.get("/account").status_code == 303


def test_another_sites_form_cannot_log_anybody_in(console):
    answer = console.browser().post(
        "/log-in", data={"name": "ana", "password": PASSWORD}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_program_without_a_session_is_told_401(console):
    answer = console.browser().get("/account.json")
    assert answer.status_code == 401
    assert answer.json()["title"] == "Log in first"


def test_a_session_alone_cannot_guess_the_password(console):
    browser = console.client(Role.VIEWER, "ana")
    fields = {"csrf": browser.csrf, "password": "another long password", "again": "another long password"}
    answers = [browser.post("/account/password", data={**fields, "current": "guess"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert browser.post("/account/password", data={**fields, "current": PASSWORD}).status_code == 429


def test_another_password_ends_all_other_sessions(console):
    browser, _ = log_in(console)
    other, _ = log_in(console)
    csrf = browser.get("/account").text.split('name="csrf" value="')[1].split('"')[0]
    fields = {"csrf": csrf, "current": PASSWORD, "password": "quite another phrase", "again": "quite another phrase"}
    assert browser.post("/account/password", data={**fields, "current": "wrong"}).status_code == 422
    assert browser.post("/account/password", data=fields).status_code == 303
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
