"""What a page may do: nothing but what it brings, and nothing to anybody else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from kinds import FIXED, KINDS, address

FIRE_REPORT = "book/reports/fire-and-rescue.html"
ROOT = Path(__file__).resolve().parent.parent.parent
#: Plotly and the pictures place things by styles of their own; nothing else is looser than "self".
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'", "'unsafe-inline'"},
    "img-src": {"'self'", "data:", "blob:"},
    "connect-src": {"'self'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
}
LISTEN = """window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
    window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
});"""


class _Page(HTMLParser):
    """The policy of a page, and what in its markup no policy should have to stop."""

    def __init__(self, text: str):
        super().__init__()
        self.policies: list[str] = []
        self.wrong: list[str] = []
        self.order: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "meta" and (given.get("http-equiv") or "").lower() == "content-security-policy":
            self.policies.append(given["content"])
            self.order.append("policy")
        if tag in ("script", "link", "style", "img"):
            self.order.append(tag)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.wrong.append(f"a script in the page: {attrs}")
        if tag in ("base", "object", "embed", "applet", "iframe"):
            self.wrong.append(tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.wrong.append(f"{name}={value}")
            if name in ("src", "href", "action", "formaction"):
                address = (value or "").strip().lower()
                loads = tag in ("script", "link", "img", "source", "form") and given.get(
                    "rel"
                ) not in ("canonical",)
                if address.startswith(("javascript:", "vbscript:")):
                    self.wrong.append(f"{name}={value}")
                if loads and re.match(r"[a-z]+:|//", address):
                    self.wrong.append(f"{tag} {name}={value}")


def test_every_built_page_has_the_policy_first_and_nothing_for_it_to_stop(site):
    built = sorted(site.rglob("*.html"))
    assert len(built) > 370
    for path in built:
        where = path.relative_to(site).as_posix()
        page = _Page(path.read_text(encoding="utf-8"))
        (policy,) = page.policies
        rules = {
            name: set(values) for name, *values in (rule.split() for rule in policy.split(";"))
        }
        assert page.wrong == [], where
        assert page.order[0] == "policy", where
        if where == "index.html" or where.startswith("_downloads/"):
            assert rules == {"default-src": {"'none'"}}
            continue
        assert rules.keys() == POLICY.keys(), where
        for name, sources in rules.items():
            # A page may be stricter.
            assert sources <= POLICY[name] | {"'none'"}, (where, name)


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_page_breaks_its_policy_or_asks_anybody_else(reader, kind):
    someone = reader()
    someone.page.add_init_script(LISTEN)
    page = someone.open(address(kind))
    if kind not in FIXED:
        page.wait_for_function(
            "() => !document.querySelector('[data-bar]') || document.querySelector('[data-bar] strong')"
        )
    someone.see_all()
    for summary in page.locator("details > summary:visible").all()[:6]:
        summary.click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.violations") == []
    assert someone.elsewhere == []
    assert someone.faults == []


def test_the_policy_stops_what_a_page_did_not_bring(reader):
    """So that the tests above would notice."""
    someone = reader()
    someone.page.add_init_script(LISTEN)
    page = someone.open(KINDS["report"])
    page.evaluate(
        """async () => {
            document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }));
            document.body.insertAdjacentHTML('beforeend', '<img src="none" onerror="window.ran = 2">');
            const made = document.createElement('script');
            made.src = 'https://example.org/other.js';
            document.body.append(made);
            await fetch('https://example.org/').catch(() => {});
            await new Promise((go) => setTimeout(go, 300));
        }"""
    )
    assert page.evaluate("window.ran") is None
    found = " ".join(page.evaluate("window.violations"))
    for directive in ("script-src-elem inline", "script-src-attr inline", "connect-src https"):
        assert directive in found
    assert "script-src-elem https://example.org/other.js" in found


def test_the_device_keeps_what_the_privacy_page_says_and_nothing_else(reader):
    text = (ROOT / "book" / "about" / "privacy.md").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"local storage, under the names (.*?)\.", text)
    said = set(re.findall(r"`([\w-]+)`", sentence))
    assert len(said) == 6
    someone = reader()
    page = someone.open(f"{KINDS['report']}?council=hull")
    page.locator("[data-bar] strong").wait_for()
    someone.see_all()
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Your own list of councils").check()
    page.get_by_label("Add a council to your list").fill("Leeds")
    page.locator('.own-list [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**with=own")
    someone.open(f"{FIRE_REPORT}?council=kent-fire-and-rescue-authority")
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Your own list of fire authorities").check()
    page.get_by_label("Add a fire authority to your list").fill("Essex")
    page.locator('.own-list [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**with=own")
    someone.open(KINDS["search"]).locator(".search-form input").fill("bins")
    page.locator(".found-measure").wait_for()
    someone.open(KINDS["for contributors"]).locator(".self-check.ready input").first.check()
    page.get_by_role("button", name="Check", exact=True).first.click()
    someone.open(KINDS["self-assessment"]).locator(".assess-statement input").first.check()
    someone.open(KINDS["thirty minutes"]).locator(".course.ready input").first.check()
    page.get_by_role("button", name="Check", exact=True).click()
    someone.open(KINDS["council"])
    kept = page.evaluate(
        """async () => ({
            local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookie: document.cookie,
            bases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
            workers: (await navigator.serviceWorker.getRegistrations()).length,
        })"""
    )
    assert set(kept.pop("local")) == said
    assert kept == {"session": [], "cookie": "", "bases": 0, "caches": 0, "workers": 0}
    assert someone.context.cookies() == []


def test_offline_the_page_stays_whole_and_a_choice_is_answered_in_one_sentence(reader):
    someone = reader()
    page = someone.open(f"{KINDS['report']}?council=hull")
    page.locator("[data-bar] strong").wait_for()
    someone.see_all()
    before = page.locator("main").inner_text()
    charts = page.locator("figure.chart.drawn").count()
    someone.context.set_offline(True)
    page.get_by_role("button", name="Change").click()
    # What has been fetched is there; what has not is said to be missing, and nothing is lost.
    page.get_by_label("The councils of the same region").click()
    page.get_by_text(
        "That comparison could not be loaded; the page shows Hull as before."
    ).wait_for()
    assert page.locator("main").inner_text() == before
    assert page.locator("figure.chart.drawn").count() == charts
    page.locator('.sheet [role="combobox"]').fill("Leeds")
    page.locator('.sheet [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("The figures of Leeds could not be loaded; the page shows England.").wait_for()
    assert page.locator('.panel [data-slot="sentence"]').first.inner_text().startswith("England")
    someone.context.set_offline(False)
    page.locator('.sheet [role="combobox"]').fill("Leeds")
    page.locator('.sheet [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**?council=leeds")
    assert page.locator('.panel [data-slot="sentence"]').first.inner_text().startswith("Leeds")


def test_offline_before_the_list_of_councils_came_it_is_said_so(reader):
    someone = reader()
    page = someone.open(KINDS["home"])
    page.wait_for_load_state("networkidle")
    someone.context.set_offline(True)
    page.locator("[data-picker] input").fill("York")
    page.get_by_text("The list of councils could not be loaded.").first.wait_for()
    assert page.locator(".headline").first.inner_text().startswith("England")
