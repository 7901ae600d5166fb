"""The phone, six times slower than this machine: start, form, save, signals, with a year on it.

The built app in Chromium, with a promoter's year in its encrypted store (100 households, 1,200 visits,
36,000 values stated at visits). Every thread of the browser is held to a sixth of a core (bench/throttle.py);
`calibration` tells what the same loop took free and held, in a page and in a worker.

    start     from navigation to the PIN pad, and from the last digit of the PIN to the day list: what the
              promoter waits for. (What she spends typing is hers.) From the service worker's cache, as on
              every start but the first. Deriving the key from the PIN is slow on purpose, and counted.
    form      from the tap to the first question of the under-five form
    save      from the tap on "save" until event and record are on the disk
    rules     after a save, in the worker: every rule that reads something that the save wrote
    turn      in the worker: the rules whose time has come, for all 100 households, a day after the last start
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import statistics
import time
from collections.abc import Iterator

from playwright.sync_api import BrowserContext

from bench.app import App
from bench.browser import chromium
from bench.figures import Figure, figure, keep
from bench.fill import fill
from bench.house import House, serving
from bench.processes import scratch
from bench.stores import new_store
from bench.throttle import Throttle, can_throttle
from bench.world import PASSWORD, promoters

HOUSEHOLDS, MONTHS, OBSERVATIONS = 100, 12, 30
FACTOR = 6
FORM = "under_five_assessment"
_LOOP = "const t = performance.now(); let x = 0; for (let i = 0; i < 5e7; i++) x = (x * 31 + i) | 0;"
_PAGE_LOOP = f"() => {{ {_LOOP} return performance.now() - t + (x === 1 ? 1 : 0); }}"
_WORKER_LOOP = f"""
() => new Promise((resolve) => {{
  const text = `{_LOOP} postMessage(performance.now() - t + (x === 1 ? 1 : 0));`;
  new Worker(URL.createObjectURL(new Blob([text]))).onmessage = (event) => resolve(event.data);
}})
"""
_LARGEST_FILE = """
async () => {
  let largest = 0;
  const walk = async (folder) => {
    for await (const handle of folder.values()) {
      if (handle.kind === 'directory') await walk(handle);
      else largest = Math.max(largest, (await handle.getFile()).size);
    }
  };
  await walk(await navigator.storage.getDirectory());
  return largest;
}
"""


def main() -> None:
    """Measure, free and held; keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--factor", type=int, default=FACTOR)
    arguments = parser.parse_args()
    started = time.perf_counter()
    if arguments.factor > 1 and not can_throttle():
        raise SystemExit("This benchmark holds threads back by cgroups (version 1, cpu) and must be root.")
    with new_store("sqlite") as (url, _), scratch("profile") as profile:
        everyone = promoters(1)
        fill(url, everyone, households=HOUSEHOLDS, months=MONTHS, observations=OBSERVATIONS)
        with serving(url) as house, chromium(profile) as context:
            app = App(context, house.url)
            enrol(app, f"promoter{everyone[0].account}")
            sizes = [first_download(app, house), *stored(app)]
            calibration = calibrate(context, profile, arguments.factor)
            with held(profile, arguments.factor):
                figures = [
                    *start(app, arguments.runs),
                    *form_and_save(app, arguments.runs),
                    *turns(app, arguments.runs),
                ]
    how = f"python -m bench.phone --factor {arguments.factor} --runs {arguments.runs}"
    keep("phone", [*figures, *sizes, *calibration], how=how, seconds=time.perf_counter() - started)


def enrol(app: App, username: str) -> None:
    """Make the phone hers and bring the year, at full speed; the service worker fills its cache."""
    app.open()
    app.enrol(username, PASSWORD)
    app.choose_pin()
    app.wait_for_sync()
    app.page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")
    app.page.wait_for_timeout(2_000)


def start(app: App, runs: int) -> list[Figure]:
    """Start after start, in a new page each time."""
    shell, unlock, key = [], [], []
    for _ in range(runs):
        app.open()
        app.page.wait_for_timeout(500)
        app.type_pin()
        app.wait_for_mark("hodi:daylist")
        shell.append(app.mark("bench:pad") / 1000)
        unlock.append((app.mark("hodi:daylist") - app.mark("hodi:unlock")) / 1000)
        key.append(app.worker_ms("hodi:key") / 1000)
    both = [a + b for a, b in zip(shell, unlock, strict=True)]
    return [
        figure("Phone at 6×: start to usable day list, typing excluded", "s", both, at_most=1.5),
        figure("Phone at 6×: navigation to PIN pad", "s", shell),
        figure("Phone at 6×: PIN to usable day list", "s", unlock),
        figure("Phone at 6×: of these, deriving the key from the PIN", "s", key),
    ]


def turns(app: App, runs: int) -> list[Figure]:
    """Day after day, without a network, which would set the clock right."""
    took = []
    app.page.context.set_offline(True)
    for day in range(1, runs + 1):
        app.open()
        app.page.wait_for_timeout(500)
        app.let_days_pass(day)
        app.type_pin()
        took.append(app.worker_ms("hodi:signals") / 1000)
    app.page.context.set_offline(False)
    return [figure("Phone at 6×: turn of the day for 100 households", "s", took, at_most=0.2)]


def form_and_save(app: App, runs: int) -> list[Figure]:
    """Open the under-five form for one child after another, and save it complete."""
    opening, saving, rules = [], [], []
    for each in app.ask("households")[:runs]:
        household = each["household"]
        child = app.youngest(household)
        app.go(f"/person/{household}/{child}")
        app.page.wait_for_timeout(800)
        opening.append(app.open_form(FORM, household, child) / 1000)
        draft = app.fill_form(FORM, household, child)
        app.go(f"/form/{draft}")
        saving.append(app.save_form() / 1000)
        rules.append(app.worker_ms("hodi:rules") / 1000)
    return [
        figure("Phone at 6×: open the under-five form", "s", opening, at_most=0.4),
        figure("Phone at 6×: save a visit", "s", saving, at_most=0.2),
        figure("Phone at 6×: all rules after a save", "s", rules, at_most=0.1),
    ]


def stored(app: App) -> list[Figure]:
    """What the year takes on the phone: the encrypted database, the largest file of its pool."""
    size = app.page.evaluate(_LARGEST_FILE)
    return [
        figure("Phone: database of a year", "MB", size / 1e6),
        figure("Phone: bytes a visit", "B", size / (HOUSEHOLDS * MONTHS)),
    ]


def first_download(app: App, house: House) -> Figure:
    """What a new phone fetches before it can work: the app's files and the content pack, as served."""
    names = app.page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => "
        "cache.keys()))).then((all) => all.flat().map((request) => request.url.split('?')[0])))"
    )
    total = 0
    for path in sorted(
        {name.removeprefix(app.origin) for name in names} | {"/api/pack?forms=2", "/app/sw.js"}
    ):
        total += wire_size(house, path)
    return figure("Phone app, first download, compressed", "kB", total / 1000, at_most=1_000)


def wire_size(house: House, path: str) -> int:
    """Bytes of an answer's body as a browser gets it."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", house.port)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip, deflate, br"})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")
    return len(content)


def calibrate(context: BrowserContext, profile: pathlib.Path, factor: int) -> list[Figure]:
    """The same loop free and held, in an empty page and in a worker of it."""
    figures = []
    page = context.new_page()
    loops = {"page": _PAGE_LOOP, "worker": _WORKER_LOOP}
    free = {name: statistics.median(page.evaluate(loop) for _ in range(5)) for name, loop in loops.items()}
    with held(profile, factor):
        for name, loop in loops.items():
            slow = [page.evaluate(loop) / free[name] for _ in range(5)]
            figures.append(figure(f"Calibration: a loop in a {name}, held against free", "×", slow))
    page.close()
    return figures


@contextlib.contextmanager
def held(profile: pathlib.Path, factor: int) -> Iterator[None]:
    """The browser with this profile, held back."""
    if factor <= 1:
        yield
        return
    with Throttle(browser_process(profile), factor):
        time.sleep(0.2)
        yield


def browser_process(profile: pathlib.Path) -> int:
    """The process id of the browser that runs with a profile."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                words = pathlib.Path(f"/proc/{name}/cmdline").read_bytes()
                if str(profile).encode() in words and b"--type=" not in words:
                    found.append(int(name))
    return min(found)


if __name__ == "__main__":
    main()
