"""What holds for every page: no script, the same data as JSON, headings, labels."""

import re

import pytest

from console.access.roles import Role
from console.web.headers import HEADERS

PAGES = ["/log-in", "/account", "/users", "/users/admin.person", "/audit-log", "/tokens", "/decisions", "/decisions/process/P01"]
OFFICERS_PAGES = ["/reveals", "/own-records"]


@pytest.fixture
def admin(console):
    return console.client(Role.ADMIN)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_sends_no_script_and_no_inline_style(admin, path):
    page = admin.get(path)
    assert page.status_code == 200
    assert not re.search(r"<script|<style|\son\w+=|\sstyle=|javascript:", page.text)
    for name, value in HEADERS.items():
        assert page.headers[name] == value


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_without_seeing_it(admin, path):
    page = admin.get(path).text
    assert page.count("<h1") == 1
    assert 'href="#content"' in page
    assert 'lang="en"' in page
    inputs = re.findall(r"<(?:input|select|textarea)(?![^>]*hidden)[^>]*>", page)
    labelled = re.findall(r"<label.*?</label>", page, flags=re.S)
    assert len(inputs) == sum(len(re.findall(r"<(?:input|select|textarea)(?![^>]*hidden)", label)) for label in labelled)


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/log-in"])
def test_a_page_has_its_data_under_the_same_address_as_json(admin, path):
    twin = admin.get(f"{path}.json")
    assert twin.headers["content-type"] == "application/json"
    assert isinstance(twin.json(), dict)


@pytest.mark.parametrize("path", [*PAGES, *OFFICERS_PAGES])
def test_a_table_names_its_columns_and_can_be_scrolled_by_keyboard(console, path):
    role = Role.PRIVACY_OFFICER if path in OFFICERS_PAGES else Role.ADMIN
    page = console.client(role).get(path).text
    assert not re.search(r"<th(?![^>]*scope=)[ >]", page)
    assert not re.search(r"<th[^>]*></th>", page)
    for region in re.findall(r'<div class="scroll[^>]*>', page):
        assert 'tabindex="0"' in region
        assert "aria-label=" in region


def test_every_form_sends_the_sessions_token(console):
    pages = {
        Role.ADMIN: ("/users", "/tokens"),
        Role.OPERATIONS: ("/decisions/process/P01", "/reveals"),
        Role.PRIVACY_OFFICER: ("/own-records",),
    }
    for role, paths in pages.items():
        browser = console.client(role)
        for path in paths:
            for form in re.findall(r'<form[^>]*method="post".*?</form>', browser.get(path).text, flags=re.S):
                assert f'name="csrf" value="{browser.csrf}"' in form


def test_the_navigation_shows_what_the_role_may_open(console):
    links = {role: set(re.findall(r'<li><a href="([^"]+)"', console.client(role).get("/account").text)) for role in Role}
    assert links[Role.AUDITOR] == {"/evidence", "/audit-log"}
    assert {"/users", "/tokens"} <= links[Role.ADMIN]
    assert "/users" not in links[Role.OPERATIONS]
    assert "/reveals" in links[Role.OPERATIONS]
    assert "/reveals" not in links[Role.ADMIN]


def relative_luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


PAIRS = [
    *((text, ground) for text in ("text", "muted", "accent") for ground in ("ground", "raised")),
    ("on-accent", "accent"),
    *((word, f"{word}-ground") for word in ("bad", "warn", "good")),
    *(("text", f"{word}-ground") for word in ("bad", "warn", "good")),
]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_has_the_contrast_of_wcag_aa(console, mode, text, ground):
    sheet = console.browser().get("/static/console.css").text
    blocks = re.findall(r":root \{(.*?)\}", sheet, flags=re.S)[:2]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[("light", "dark").index(mode)]))
    assert contrast(colours[text], colours[ground]) >= 4.5
