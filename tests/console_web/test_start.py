"""The first start and one-time links: there is no default password."""

from console.access.links import first_link
from console.access.roles import Role
from tests.console_web.conftest import PASSWORD

PHRASE = "seven plain words in a row"
CHOSEN = {"name": "root.person", "password": PHRASE, "again": PHRASE}


def test_the_first_link_makes_an_admin_who_is_logged_in(console):
    secret = first_link(console.access)
    browser = console.browser()
    assert "First start" in browser.get(f"/start/{secret}").text
    assert browser.post(f"/start/{secret}", data=CHOSEN).status_code == 303
    assert [row["role"] for row in browser.get("/users.json").json()["users"]] == ["admin"]


def test_a_link_works_once(console):
    secret = first_link(console.access)
    assert console.browser().post(f"/start/{secret}", data=CHOSEN).status_code == 303
    assert console.browser().get(f"/start/{secret}").status_code == 404
    assert console.browser().post(f"/start/{secret}", data=CHOSEN | {"name": "second"}).status_code == 404


def test_the_first_link_ends_after_an_hour_and_with_the_next_one(console, clock):
    secret = first_link(console.access)
    clock.advance(minutes=60)
    assert console.browser().get(f"/start/{secret}").status_code == 404
    secret, newer = first_link(console.access), first_link(console.access)
    assert console.browser().get(f"/start/{secret}").status_code == 404
    assert console.browser().get(f"/start/{newer}").status_code == 200


def test_there_is_no_first_link_once_there_is_an_admin(console):
    console.add_user("root", Role.ADMIN)
    assert first_link(console.access) is None


def test_a_short_password_or_a_slip_keeps_the_link(console):
    secret = first_link(console.access)
    browser = console.browser()
    for password, again in (("short", "short"), (PHRASE, "other"), ("root.person 123", "root.person 123"), ("a" * 20, "a" * 20)):
        answer = browser.post(f"/start/{secret}", data=CHOSEN | {"password": password, "again": again})
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers
    assert browser.post(f"/start/{secret}", data=CHOSEN).status_code == 303


def test_an_admin_adds_a_user_who_chooses_the_password(console):
    admin = console.client(Role.ADMIN)
    page = admin.post("/users", data={"csrf": admin.csrf, "name": "Ben", "role": "operations", "sites": "Riga, Porto"}).text
    path = page.split("<code>")[1].split("</code>")[0].removeprefix("http://console.test")
    ben = console.browser()
    assert "For the user ben" in ben.get(path).text
    # The name is the link's, whatever is sent.
    assert ben.post(path, data=CHOSEN).status_code == 303
    account = ben.get("/account.json").json()
    assert (account["name"], account["sites"]) == ("ben", ["Porto", "Riga"])


def test_a_new_link_ends_the_older_one_and_a_new_password_the_sessions(console):
    admin, ben = console.client(Role.ADMIN), console.client(Role.VIEWER, "ben")
    pages = [admin.post("/users/ben/link", data={"csrf": admin.csrf}).text for _ in range(2)]
    older, newer = (page.split("<code>http://console.test")[1].split("</code>")[0] for page in pages)
    assert console.browser().get(older).status_code == 404
    assert ben.get("/account").status_code == 200
    assert console.browser().post(newer, data=CHOSEN).status_code == 303
    assert ben.get("/account").status_code == 303
    assert console.browser().post("/log-in", data={"name": "ben", "password": PASSWORD}).status_code == 403
