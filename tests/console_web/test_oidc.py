"""Log-in by OpenID Connect, with a provider that really answers."""

import httpx
import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from console.access.roles import Role
from tests.console_web.conftest import Console, home_beside
from tests.console_web.provider import CLIENT, SECRET, Provider, running_provider


@pytest.fixture(scope="module")
def running():
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running, clock) -> Provider:
    """The provider as it is at first."""
    fresh = Provider()
    running.claims, running.signs_with, running.now = fresh.claims, None, clock().timestamp()
    return running


@pytest.fixture
def console(published_home, tmp_path, clock, provider):
    settings = home_beside(
        published_home,
        tmp_path,
        console_oidc_issuer=provider.issuer,
        console_oidc_client_id=CLIENT,
        console_oidc_client_secret=SecretStr(SECRET),
    )
    made = Console(settings, clock)
    yield made
    made.store.close()


def to_provider_and_back(browser) -> str:
    """The address that the provider sends the browser back to."""
    asked = browser.get("/log-in/provider?next=/decisions")
    assert asked.status_code == 303, asked.text
    return httpx.get(asked.headers["location"]).headers["location"].removeprefix("http://console.test")


def log_in(console):
    browser = console.browser()
    return browser, browser.get(to_provider_and_back(browser))


def test_the_first_log_in_makes_a_user_with_the_role_of_the_claim(console):
    browser, answer = log_in(console)
    assert (answer.status_code, answer.headers["location"]) == (303, "/decisions")
    account = browser.get("/account.json").json()
    assert (account["name"], account["role"], account["has_password"]) == ("olga", "operations", False)


def test_the_role_follows_the_claim_and_older_sessions_end(console, provider):
    before, _ = log_in(console)
    provider.claims["roles"] = "viewer"
    after, _ = log_in(console)
    assert before.get("/account").status_code == 303
    assert after.get("/account.json").json()["role"] == "viewer"


@pytest.mark.parametrize("roles", [None, [], ["boss"], ["viewer", "admin"], {"viewer": True}])
def test_nobody_without_exactly_one_role_gets_in(console, provider, roles):
    provider.claims["roles"] = roles
    answer = log_in(console)[1]
    assert answer.status_code == 403
    assert "no role of the console" in answer.text


def test_a_name_at_the_provider_does_not_take_a_local_users_place(console):
    console.add_user("olga", Role.ADMIN)
    assert "local user olga already" in log_in(console)[1].text


def test_a_disabled_user_stays_out(console):
    from console.access.users import find

    log_in(console)
    with console.store.writing() as db:
        find(db, "olga").is_active = False
    assert log_in(console)[1].status_code == 403


def test_an_auditor_waits_for_a_period(console, provider):
    provider.claims["roles"] = "auditor"
    assert "sees one period" in log_in(console)[1].text
    admin = console.client(Role.ADMIN)
    period = {"period_first_on": "2026-01-01", "period_last_on": "2026-01-31"}
    admin.post("/users/olga", data={"csrf": admin.csrf, "role": "auditor", "is_active": "yes", **period})
    assert log_in(console)[1].status_code == 303


def test_an_answer_works_once_and_in_the_browser_that_asked_only(console):
    browser = console.browser()
    address = to_provider_and_back(browser)
    assert console.browser().get(address).status_code == 403
    assert browser.get(address).status_code == 303
    assert browser.get(address).status_code == 403


def test_an_answer_that_took_too_long_is_refused(console, clock):
    browser = console.browser()
    address = to_provider_and_back(browser)
    clock.advance(minutes=10)
    assert browser.get(address).status_code == 403


@pytest.mark.parametrize(
    "claims", [{"nonce": "another"}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"sub": None}]
)
def test_a_token_that_is_not_for_this_log_in_is_refused(console, provider, claims):
    provider.claims |= claims
    answer = log_in(console)[1]
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_token_signed_by_somebody_else_is_refused(console, provider):
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "k1"})
    assert log_in(console)[1].status_code == 403


def test_a_provider_that_is_away_is_said_so(console):
    away = console.settings.model_copy(update={"console_oidc_issuer": "http://127.0.0.1:9"})
    console.app.state.access = type(console.access)(console.store, away, console.clock)
    answer = console.browser().get("/log-in/provider")
    assert answer.status_code == 403
    assert "does not answer" in answer.text


def test_nobody_is_sent_elsewhere_after_the_log_in(console):
    browser = console.browser()
    asked = browser.get("/log-in/provider?next=https://evil.example")
    back = httpx.get(asked.headers["location"]).headers["location"].removeprefix("http://console.test")
    assert browser.get(back).headers["location"] == "/"
