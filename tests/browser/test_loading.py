"""The page loads nothing, and could not."""

import pytest

pytestmark = pytest.mark.usefixtures("browser")

# Each would be a request; the policy has to stop them all.
ATTEMPTS = {
    "image": "new Image().src = 'http://example.invalid/x.png'",
    "script": "document.head.append(Object.assign(document.createElement('script'),"
    " { src: 'http://example.invalid/x.js' }))",
    "style": "document.head.append(Object.assign(document.createElement('link'),"
    " { rel: 'stylesheet', href: 'http://example.invalid/x.css' }))",
    "fetch": "fetch('http://example.invalid/').catch(() => 0)",
    "frame": "document.body.append(Object.assign(document.createElement('iframe'),"
    " { src: 'http://example.invalid/' }))",
}


def test_using_it_asks_for_nothing_and_says_nothing(view, thorough):
    """Whatever is said or asked for is found by the fixture, in every test."""
    page = view(thorough)
    page.open_all()
    for place in page.run(
        "[...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href'))"
    ):
        page.page.click(f"nav a[href='{place}']")
    for select in page.page.locator("select").all():
        select.select_option(index=1)
    assert page.complaints == []
    assert page.requests == []


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_its_policy_stops(view, thorough, attempt):
    page = view(thorough)
    stopped = page.run(
        f"""() => new Promise((done) => {{
          addEventListener("securitypolicyviolation", (event) => done(event.blockedURI));
          {ATTEMPTS[attempt]};
        }})"""
    )
    assert stopped.startswith("http://example.invalid")
    # The browser tells of it, and of what it did not ask for: so any other test would have failed.
    assert page.complaints
    assert "Content Security Policy" in " ".join(page.complaints)
    assert attempt in {"fetch", "frame"} or page.requests == [stopped]
    page.forget()


def test_it_is_one_page_from_another_folder(view, thorough, tmp_path):
    """Alone in a folder it is the same page."""
    (tmp_path / "mailed.html").write_bytes(thorough.read_bytes())
    page = view(tmp_path / "mailed.html")
    assert page.page.locator("figure.chart svg").count() > 10
    assert page.page.locator("#cases tbody tr").count() > 10
