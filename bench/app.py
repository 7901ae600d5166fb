"""Hodi's phone app, driven as a thumb would drive it, with an ear at the border to its worker.

Every call from the page to the engine and every piece of news that comes back is noted with
its time, so that a benchmark can tell how long the worker took without a change to the app.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from playwright.sync_api import BrowserContext, Page

PIN = "274913"
# A well child of two years, as in the form's first case (content/kenya/programmes/child_health/forms/cases).
ANSWERS: dict[str, object] = {
    "danger_child": ["none"],
    "cough": "no",
    "fever_told": "no",
    "diarrhoea": "no",
    "temperature_c": 36.8,
    "muac_mm": 141,
    "oedema": "no",
    "weight_kg": 9.8,
    "length_cm": 77.5,
    "measured_position": "lying",
    "handbook_seen": "yes",
    "immunisation_up_to_date": "yes",
    "vitamin_a_6_months": "yes",
    "dewormed_6_months": "yes",
    "tb_contact": "no",
    "slept_under_net": "yes",
    "milestones_met": "yes",
    "caregiver_counselled": "yes",
}
_EAR = """
(() => {
  const heard = { calls: [], news: [] };
  window.__heard = heard;
  const Real = window.Worker;
  window.Worker = class extends Real {
    constructor(...args) {
      super(...args);
      window.__worker = this;
      const open = new Map();
      const post = this.postMessage.bind(this);
      this.postMessage = (message, ...rest) => {
        if (message && message.call) {
          const note = { name: message.name, from: performance.now(), to: null, fault: null };
          open.set(message.call, note);
          heard.calls.push(note);
        }
        return post(message, ...rest);
      };
      super.addEventListener('message', (event) => {
        const data = event.data;
        if (data && data.news) heard.news.push({ at: performance.now(), news: data.news, value: data.value });
        const note = data && open.get(data.call);
        if (!note) return;
        open.delete(data.call);
        Object.assign(note, { to: performance.now(), fault: data.fault?.code ?? null });
      });
    }
  };
})();
"""
_ASK = """
([name, args]) => new Promise((resolve, reject) => {
  const call = -(window.__asked = (window.__asked ?? 0) + 1);
  const hear = ({ data }) => {
    if (data.call !== call) return;
    window.__worker.removeEventListener('message', hear);
    if (data.fault) reject(new Error(data.fault.code));
    else resolve(data.value);
  };
  window.__worker.addEventListener('message', hear);
  window.__worker.postMessage({ call, name, args });
})
"""
_PAD = """
new MutationObserver((_, observer) => {
  if (!document.querySelector('.pad button, input[name=username]')) return;
  observer.disconnect();
  requestAnimationFrame(() => performance.mark('bench:pad'));
}).observe(document, { childList: true, subtree: true });
"""
_SYNCED = """
() => {
  const heard = window.__heard;
  const states = heard.news.filter(({ news }) => news === 'sync');
  const last = states.at(-1);
  return Boolean(last && !last.value.running && (last.value.lastAt || last.value.fault));
}
"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Call:
    """One call to the worker: milliseconds since the page began."""

    name: str
    begun: float
    ended: float

    @property
    def ms(self) -> float:
        """How long the page waited for it."""
        return self.ended - self.begun


class App:
    """The app in one window of a browser. `origin` is the server's address, seen through a road or not."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.origin = origin
        self.page: Page = context.pages[0] if context.pages else context.new_page()
        self.page.add_init_script(_EAR)
        self.page.add_init_script(_PAD)
        self.page.add_init_script("localStorage.setItem('hodi-language', 'en')")

    def open(self) -> None:
        """Navigate to the app and wait until it shows something to act on."""
        self.page.goto(f"{self.origin}/app/", wait_until="commit")
        self.wait_for_mark("bench:pad")

    def enrol(self, username: str, password: str) -> None:
        """Log in for the first time, up to the choice of a PIN."""
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".pad")

    def choose_pin(self) -> None:
        """Type the new PIN twice; the first sync begins by itself."""
        self.type_pin()
        self.page.wait_for_timeout(200)
        self.type_pin()

    def type_pin(self) -> None:
        """Six digits."""
        self.page.keyboard.type(PIN)

    def forget_syncs(self) -> None:
        """Forget what was heard of syncs, so that the next one can be waited for."""
        self.page.evaluate("() => { window.__heard.news.length = 0; }")

    def wait_for_sync(self) -> None:
        """Until the sync that runs has ended. Raises RuntimeError if it ended with a fault."""
        self.page.wait_for_function(_SYNCED, polling=20)
        last = self.page.evaluate("window.__heard.news.filter(({ news }) => news === 'sync').at(-1).value")
        if last.get("fault"):
            raise RuntimeError(f"the sync ended with {last['fault']}")

    def ask(self, name: str, *args: object) -> Any:
        """Call a function of the worker directly, as the page's code would."""
        return self.page.evaluate(_ASK, [name, list(args)])

    def sync_spans(self) -> list[tuple[float, float]]:
        """Begin and end of every sync so far, in ms since the page began."""
        spans: list[tuple[float, float]] = []
        begun: float | None = None
        for each in self.page.evaluate("window.__heard.news"):
            if each["news"] != "sync":
                continue
            if each["value"]["running"] and begun is None:
                begun = each["at"]
            elif not each["value"]["running"] and begun is not None:
                spans.append((begun, each["at"]))
                begun = None
        return spans

    def calls(self, name: str) -> list[Call]:
        """Every finished call to a function of the worker."""
        heard: list[dict[str, Any]] = self.page.evaluate("window.__heard.calls")
        return [
            Call(name=name, begun=each["from"], ended=each["to"])
            for each in heard
            if each["name"] == name and each["to"] is not None and each["fault"] is None
        ]

    def wait_for_mark(self, name: str) -> None:
        """Until a performance mark with a name is set; looks seldom, because looking costs time too."""
        self.page.wait_for_function(
            "(n) => performance.getEntriesByName(n).length > 0", arg=name, polling=100
        )

    def mark(self, name: str) -> float:
        """Time of the latest performance mark with a name, in ms since the page began."""
        found = self.page.evaluate("(n) => performance.getEntriesByName(n).map((m) => m.startTime)", name)
        if not found:
            raise RuntimeError(f"the app set no mark {name}")
        return float(found[-1])

    def worker_ms(self, measure: str) -> float:
        """The latest duration that the worker measured under a name; waits until there is one."""
        took = self.page.workers[-1].evaluate(
            """async (name) => {
              for (;;) {
                const found = performance.getEntriesByName(name);
                if (found.length > 0) return found.at(-1).duration;
                await new Promise((resolve) => setTimeout(resolve, 50));
              }
            }""",
            measure,
        )
        return float(took)

    def let_days_pass(self, days: int) -> None:
        """From now on the worker's clock stands so many days ahead, until the page is opened again."""
        self.page.workers[-1].evaluate(
            "(ms) => { const real = Date.now.bind(Date); Date.now = () => real() + ms; }", days * 86_400_000
        )

    def go(self, path: str) -> None:
        """Go to a screen by its address within the app."""
        self.page.evaluate("(path) => { location.hash = path; }", path)

    def youngest(self, household: int) -> int:
        """The youngest member of a household."""
        members = self.ask("household", household)["members"]
        return int(max(members, key=lambda member: member["birth_day"] or 0)["person"])

    def open_form(self, form: str, household: int, person: int) -> float:
        """Open a form for somebody; milliseconds from the tap until the first question can be answered."""
        self.page.evaluate(
            """([path]) => {
              performance.clearMarks('hodi:form-ready');
              performance.mark('bench:tap');
              location.hash = path;
            }""",
            [f"/new/{form}/{household}/{person}"],
        )
        self.wait_for_mark("hodi:form-ready")
        return self.mark("hodi:form-ready") - self.mark("bench:tap")

    def fill_form(self, form: str, household: int, person: int) -> int:
        """Answer a form completely (a well child's answers), up to its last screen; the draft's number."""
        opened = self.ask("openForm", form, household, person)
        saved = {
            "form": form,
            "version": opened["model"]["version"],
            "at": "",
            "answers": ANSWERS,
            "kept": {},
        }
        place = {"draft": opened["draft"], "form": form, "household": household, "person": person}
        return int(self.ask("keepDraft", {**place, "amends": None}, saved))

    def save_form(self) -> float:
        """Tap "save" on a complete form; milliseconds until events and record are on the disk."""
        self.page.evaluate("performance.clearMarks('hodi:saved')")
        button = self.page.locator(".actions button.main, .actions button").last
        button.wait_for()
        self.page.wait_for_timeout(500)
        button.click()
        self.wait_for_mark("hodi:saved")
        return self.mark("hodi:saved") - self.mark("hodi:save")

    def visit_all(self, form: str, people: list[tuple[int, int]]) -> None:
        """Make a visit with a complete form to each (household, person), one right after another."""
        for household, person in people:
            self.ask("finishForm", self.fill_form(form, household, person))
