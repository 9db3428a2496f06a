"""Every route asks for one permission, and every role gets what its row of the matrix says."""

import re

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from console.access.permissions import Requirement
from console.access.roles import GRANTS, Permission, Role
from console.web.pages import ROUTERS
from tests.console_web.conftest import Clock, Console, home_beside

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
CASES = [(method, route) for route in ROUTES for method in sorted(route.methods)]


def permissions_of(route: APIRoute) -> list[Permission]:
    return [found.dependency.permission for found in route.dependencies if isinstance(found.dependency, Requirement)]


def named(case) -> str:
    return f"{case[0]} {case[1].path}"


def address(route: APIRoute) -> str:
    return re.sub(r"\{[^}]+\}", "none", route.path)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_a_route_asks_for_exactly_one_permission(route):
    assert len(permissions_of(route)) == 1


def test_nothing_is_served_beside_the_routers_but_the_style_sheet(console):
    served = [route for route in console.app.routes if getattr(route, "original_router", None) not in ROUTERS]
    assert [route.path for route in served if isinstance(route, Mount)] == ["/static"]
    assert len(served) == 1


def test_public_is_what_comes_before_a_log_in_and_nothing_else():
    public = {route.path for route in ROUTES if permissions_of(route) == [Permission.PUBLIC]}
    signed = {"/own-record/{token}", "/own-record/{token}.json", "/own-record/{token}/contest"}
    assert public == {"/log-in", "/log-in/provider", "/log-in/provider/answer", "/start/{secret}", *signed}


def test_every_permission_is_somebodys_and_in_use_or_for_the_matrix():
    assert set(Permission) == frozenset().union(*GRANTS.values())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_role_gets_in_where_the_matrix_says_so_and_nowhere_else(shared_console, case, role):
    method, route = case
    browser = shared_console.client(role)
    answer = browser.request(method, address(route), data={"csrf": browser.csrf} if method == "POST" else None)
    if permissions_of(route)[0] in GRANTS[role]:
        # The provider's routes answer 403 to everybody where no provider is set.
        assert answer.status_code not in (401, 403) or "provider" in route.path, answer.text
        assert answer.status_code < 500
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize("case", CASES, ids=named)
def test_nobody_gets_in_without_a_log_in(shared_console, case):
    method, route = case
    answer = shared_console.browser().request(method, address(route))
    if permissions_of(route) != [Permission.PUBLIC]:
        assert answer.status_code == 401 or (answer.status_code == 303 and answer.headers["location"].startswith("/log-in"))


@pytest.fixture(scope="module")
def shared_console(published_home, tmp_path_factory):
    console = Console(home_beside(published_home, tmp_path_factory.mktemp("matrix")), Clock())
    yield console
    console.store.close()
