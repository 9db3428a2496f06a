"""Pages of the console under load, while a day is published: how long they take, and whether any request fails.

Belongs here: people who read, somebody who publishes, the figures. Does not: the company they read of (console_year.py).

`python -m benchmarks.console_year HOME`, then `python -m benchmarks.console_load HOME [--users 20] [--seconds 60] [--think 1.0]`
"""

import argparse
import multiprocessing
import random
import statistics
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from preaudit.settings import Settings

PORT = 18799
FIRST_WAIT_SECONDS = 120


def serve(settings: Settings, cookies: "multiprocessing.Queue[tuple[str, str]]") -> None:
    """The console, with one user who is logged in."""
    import uvicorn

    from console.access import sessions
    from console.access.roles import Role
    from console.store.users import User
    from console.web.app import create_app

    app, now = create_app(settings), datetime.now(UTC)
    with app.state.store.writing() as db:
        if db.query(User).filter_by(name="load").first() is None:
            db.add(User(name="load", role=Role.OPERATIONS, password_hash="-", is_active=True, created_at=now))
    with app.state.store.writing() as db:
        secret = sessions.start(db, db.query(User).filter_by(name="load").one(), now, app.state.access.lifetime)
    cookies.put((app.state.access.cookie, secret))
    app.state.reader.warm()
    uvicorn.run(app, host="127.0.0.1", port=PORT, access_log=False, log_level="warning")


def publish_next(settings: Settings, agents: int, processes: int) -> None:
    """The day after the last one, with all its tables."""
    from benchmarks.console_year import Company, publish_tables
    from preaudit.snapshot import read_current

    day = read_current(settings).as_of_on + timedelta(days=1)
    company = Company(agents, processes)
    publish_tables(settings, day, company.tables(day, company.rankings(day)))


def addresses(choice: random.Random, agents: int, processes: int) -> str:
    """The next page of somebody who reads: lists and entities most of all, hardly ever the same entity."""
    lists = [
        "/today",
        "/processes",
        "/agents",
        f"/agents?page={choice.randint(1, 400)}",
        f"/processes?page={choice.randint(1, 8)}",
    ]
    narrowed = [
        f"/agents?site=site+{choice.randint(0, 6)}&sort=failures&page={choice.randint(1, 9)}",
        f"/agents?control=OPS-0{choice.randint(1, 4)}&client=C{choice.randint(0, 22):02d}",
        "/processes?area=SA",
        f"/agents?q={choice.randint(0, 9999)}",
    ]
    entities = [f"/processes/P{choice.randrange(processes):04d}", f"/agents/A-{choice.randrange(agents):08d}"]
    others = ["/controls", "/controls/matrix?page=2", "/controls/HR-02", "/controls/frameworks", "/forecast", "/data", "/runs"]
    return choice.choice(choice.choices((lists, narrowed, entities, others), (4, 2, 3, 2))[0])


def read_pages(cookie: tuple[str, str], seed: int, until: float, think: float, size: tuple[int, int], found: list) -> None:
    """One person: a page, some seconds of thought, the next page. Notes (page, milliseconds, status, when)."""
    choice = random.Random(seed)
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", cookies=dict([cookie]), timeout=60) as client:
        while time.monotonic() < until:
            path = addresses(choice, *size)
            start = time.monotonic()
            try:
                answer = client.get(path)
                status = answer.status_code
                status = 0 if b"cannot be read" in answer.content else status
            except httpx.HTTPError:
                status = 0
            found.append((path.split("?")[0], 1000 * (time.monotonic() - start), status, start))
            time.sleep(choice.uniform(0.5, 1.5) * think)


def main() -> None:
    """Run it and print a line per kind of page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    for name, standard in (("users", 20), ("seconds", 60), ("agents", 10_000), ("processes", 200)):
        parser.add_argument(f"--{name}", type=int, default=standard)
    parser.add_argument("--think", type=float, default=1.0)
    given = parser.parse_args()
    settings, spawn = Settings(home=given.home), multiprocessing.get_context("spawn")
    cookies = spawn.Queue()
    server = spawn.Process(target=serve, args=(settings, cookies), daemon=True)
    server.start()
    cookie = cookies.get(timeout=FIRST_WAIT_SECONDS)
    began = time.monotonic()
    _wait_for(cookie)
    print(f"first page after {time.monotonic() - began:.1f} s")
    size, found = (given.agents, given.processes), []
    until = time.monotonic() + given.seconds
    people = [
        threading.Thread(target=read_pages, args=(cookie, seed, until, given.think, size, found)) for seed in range(given.users)
    ]
    for person in people:
        person.start()
    time.sleep(given.seconds / 3)
    publisher = spawn.Process(target=publish_next, args=(settings, *size))
    publishing = time.monotonic()
    publisher.start()
    publisher.join()
    published = time.monotonic()
    for person in people:
        person.join()
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", cookies=dict([cookie])) as client:
        shown = client.get("/today.json").json()["about"]["as_of_on"]
    server.terminate()
    _report(found, publishing, published, shown)


def _wait_for(cookie: tuple[str, str]) -> None:
    deadline = time.monotonic() + FIRST_WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{PORT}/today", cookies=dict([cookie]), timeout=FIRST_WAIT_SECONDS).status_code == 200:
                return
        except httpx.ConnectError:
            time.sleep(0.2)


def _report(found: list[tuple[str, float, int, float]], publishing: float, published: float, shown: str) -> None:
    pages = defaultdict(list)
    for path, milliseconds, _, _ in found:
        name = "/".join(part if not part.startswith(("P0", "A-")) else "<id>" for part in path.split("/"))
        pages[name].append(milliseconds)
    for name, times in sorted({**pages, "all": [row[1] for row in found]}.items()):
        print(f"{name:24} {len(times):6,} requests  median {statistics.median(times):6.0f} ms  p95 {_p95(times):6.0f} ms")
    during = [row[1] for row in found if publishing <= row[3] <= published + 15]
    print(f"while a day was published and read: {len(during):,} requests, p95 {_p95(during):.0f} ms")
    print(f"not answered with 200: {sum(row[2] != 200 for row in found)}; shown at the end: {shown}")


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))] if times else 0.0


if __name__ == "__main__":
    main()
