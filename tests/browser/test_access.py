"""The page for everybody: by keyboard, on a phone, on a projector, dark, without good eyes."""

import itertools

import pytest

from .pages import View

pytestmark = pytest.mark.usefixtures("browser")

other_state = pytest.mark.thorough(
    "repeats a check in another state, or on the page of another record"
)

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DARK = {"color_scheme": "dark"}

# ------------------------------------------------------------------------------------ axe-core

# Rows and definitions that are made alike are judged alike, and what is in a picture is none of
# axe-core's business. Without this it looks at twenty thousand elements for a minute.
ONE_OF_A_KIND = """() => {
  for (const svg of document.querySelectorAll("svg[role=img]")) svg.replaceChildren();
  const shape = (one) => [...one.querySelectorAll("*"), one]
    .map((part) => `${part.tagName}.${part.className} ${getComputedStyle(part).color}`).join();
  for (const table of document.querySelectorAll("tbody, #definitions")) {
    const seen = new Set();
    for (const one of table.querySelectorAll(":scope > tr, :scope > details")) {
      const kind = shape(one);
      if (seen.has(kind) && !one.matches(".chosen")) one.remove();
      seen.add(kind);
    }
  }
}"""


def violations(view: View) -> list[str]:
    """What keeps somebody from the page, by axe-core: one line for each element."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    view.run(ONE_OF_A_KIND)
    found = axe.run(view.page, options={"resultTypes": ["violations"]}).response
    assert found["testEngine"]["version"].startswith("4.")
    assert len(found["passes"]) > 20, "axe-core looked at little"
    return [
        f"{violation['impact']}: {violation['id']}: {node['target'][0]}: {violation['help']}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="light"),
        pytest.param(DARK, id="dark", marks=other_state),
        pytest.param(PHONE, id="phone", marks=other_state),
    ],
)
def test_axe_finds_nothing_serious_with_all_opened(view, thorough, options):
    page = view(thorough, "#variants=1", **options)
    page.open_all()
    assert violations(page) == []


@other_state
@pytest.mark.parametrize(
    ("record", "options"),
    [("failing", {}), ("failing", DARK), ("single", {})],
    ids=["failing", "failing-dark", "single"],
)
def test_axe_finds_nothing_serious_in_other_records(view, request, record, options):
    page = view(request.getfixturevalue(record), **options)
    page.open_all()
    assert violations(page) == []


@other_state
def test_axe_would_find_something(view, single):
    page = view(single)
    page.run(
        """() => {
          document.querySelector("nav").style.color = "#ccc";
          for (const link of document.querySelectorAll("nav a")) link.style.color = "#ccc";
          document.querySelector("label").replaceWith(document.querySelector("select"));
        }"""
    )
    found = {line.split(": ")[1] for line in violations(page)}
    assert {"color-contrast", "select-name"} <= found


# ------------------------------------------------------------------------------------- colours

# The contrast of a picture's texts with its white ground, as the browser shows both.
CONTRASTS = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const light = (colour, filter) => {
    context.filter = filter;
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = {};
  for (const svg of document.querySelectorAll(".picture svg")) {
    const filter = getComputedStyle(svg).filter;
    const ground = light(svg.querySelector("rect").getAttribute("fill"), filter);
    for (const text of svg.querySelectorAll("text")) {
      const colour = getComputedStyle(text).fill;
      const ink = light(colour, filter);
      const [low, high] = [ink, ground].sort((a, b) => a - b);
      found[`${colour} in ${svg.closest("figure").id}`] = (high + 0.05) / (low + 0.05);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("options", [{}, DARK], ids=["light", "dark"])
def test_the_texts_of_charts_can_be_read(view, thorough, options):
    contrasts = view(thorough, **options).run(CONTRASTS)
    assert len(contrasts) > 10
    assert {text: contrast for text, contrast in contrasts.items() if contrast < 4.5} == {}


def colours(page):
    return page.run(
        """() => ["body", ".card", "a", ".chip", "select", "#advice", "td"].map((selector) => {
          const style = getComputedStyle(document.querySelector(selector));
          return `${style.color} on ${style.backgroundColor}`;
        })"""
    )


def test_the_system_chooses_dark_or_light(view, thorough):
    page = view(thorough, color_scheme="light")
    light = colours(page)
    assert "rgb(255, 255, 255)" in light[0]
    page.page.emulate_media(color_scheme="dark")
    dark = colours(page)
    assert all(one != other for one, other in zip(light, dark, strict=True) if "rgb" in one)
    assert page.page.get_attribute("#theme", "aria-pressed") == "true"
    page.page.emulate_media(color_scheme="light")
    assert colours(page) == light
    assert page.page.get_attribute("#theme", "aria-pressed") == "false"


@pytest.mark.parametrize("system", ["light", pytest.param("dark", marks=other_state)])
def test_the_button_chooses_the_other(view, thorough, system):
    page = view(thorough, color_scheme=system)
    button = page.page.locator("#theme")
    began = colours(page)
    pressed = button.get_attribute("aria-pressed")
    assert pressed == ("true" if system == "dark" else "false")
    button.click()
    other = colours(page)
    assert other != began
    assert button.get_attribute("aria-pressed") != pressed
    # It is the same dark that the system would choose.
    page.page.emulate_media(color_scheme="light" if system == "dark" else "dark")
    assert colours(page) == other
    page.page.emulate_media(color_scheme=system)
    button.click()
    assert colours(page) == began
    assert button.get_attribute("aria-pressed") == pressed


def test_charts_are_dark_in_the_dark(view, thorough):
    page = view(thorough, **DARK)
    assert page.run("getComputedStyle(document.querySelector('.picture svg')).filter") != "none"
    page = view(thorough)
    assert page.run("getComputedStyle(document.querySelector('.picture svg')).filter") == "none"


# --------------------------------------------------------------------------------------- sizes

SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    const held = one.parentElement.closest(".scroll, .picture, pre, nav ul");
    return one.checkVisibility() && box.right > width + 1 && !held && !one.closest(".skip");
  });
  return {
    page: [document.scrollingElement.scrollWidth, width],
    wide: wide.map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 60)}`),
  };
}"""


@pytest.mark.parametrize("opened", [False, True], ids=["closed", "opened"])
def test_the_page_of_a_phone_does_not_scroll_sideways(view, thorough, opened):
    page = view(thorough, **PHONE)
    if opened:
        page.open_all()
    found = page.run(SIDEWAYS)
    assert found["wide"] == []
    assert found["page"][0] <= found["page"][1] == 390


@other_state
def test_the_page_does_not_scroll_sideways_whatever_its_size(view, thorough):
    page = view(thorough, viewport={"width": 1920, "height": 1080})
    page.open_all()
    for width, height in [(1920, 1080), (1024, 768), (844, 390), (320, 640)]:
        page.page.set_viewport_size({"width": width, "height": height})
        found = page.run(SIDEWAYS)
        assert found["wide"] == [], width
        assert found["page"][0] <= found["page"][1], width


@other_state
@pytest.mark.parametrize("record", ["failing", "single", "only", "bare", "hostile"])
def test_other_records_do_not_scroll_sideways_on_a_phone(view, request, record):
    page = view(request.getfixturevalue(record), **PHONE)
    page.open_all()
    found = page.run(SIDEWAYS)
    assert found["wide"] == []
    assert found["page"][0] <= found["page"][1] == 390


SMALL = """() => {
  const small = {};
  for (const one of document.querySelectorAll("body *")) {
    if (one.closest("script, style, noscript") || !one.getClientRects().length) continue;
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const svg = one.closest("svg");
    // A picture scales its texts.
    const scale = svg ? svg.getScreenCTM().a : 1;
    const size = Math.round(parseFloat(getComputedStyle(one).fontSize) * scale * 10) / 10;
    if (size >= 12) continue;
    const where = svg ? svg.closest("figure").id : one.closest("section")?.id;
    const what = `${one.tagName.toLowerCase()} of ${size} px in ${where}`;
    small[what] = (small[what] ?? 0) + 1;
  }
  return small;
}"""


def test_no_text_is_smaller_than_12_pixels_on_a_phone(view, thorough):
    page = view(thorough, **PHONE)
    page.open_all()
    small = page.run(SMALL)
    assert {what: n for what, n in small.items() if not what.startswith("text ")} == {}


def test_no_text_of_a_chart_is_smaller_than_12_pixels_on_a_phone(view, thorough):
    small = view(thorough, **PHONE).run(SMALL)
    assert {what: n for what, n in small.items() if what.startswith("text ")} == {}


def test_controls_are_as_large_as_a_finger_needs(view, thorough):
    """24 pixels, the least that WCAG 2.2 asks for."""
    page = view(thorough, **PHONE)
    small = page.run(
        """() => [...document.querySelectorAll("button, select, input")]
          .map((one) => [one, one.getBoundingClientRect()])
          .filter(([one, box]) => box.width && Math.min(box.width, box.height) < 24
            && !one.closest(".check"))
          .map(([one, box]) => `${one.outerHTML.slice(0, 80)}: ${box.width} x ${box.height}`)"""
    )
    assert small == []


# ------------------------------------------------------------------------------------ keyboard

FOCUSED = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const bar = document.querySelector("nav");
  return {
    what: one === document.body ? "body" : [one.tagName, one.id, one.name, one.className,
      one.dataset?.key, one.closest("nav") && "nav", one.closest("table")?.id].join(" "),
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    shown: box.width > 0 && box.left < innerWidth && box.right > 0
      && box.top < innerHeight && box.bottom > 0,
    hidden: !bar.contains(one) && box.bottom <= bar.getBoundingClientRect().bottom + 1
      && bar.getBoundingClientRect().top === 0,
  };
}"""


def walk(page, key, end, limit=400):
    """What has the focus, from one press of a key to the next."""
    seen = []
    while len(seen) < limit:
        page.page.keyboard.press(key)
        seen.append(page.run(FOCUSED))
        if end in seen[-1]["what"]:
            return seen
    raise AssertionError(f"{end} is not reached by {limit} times {key}")


def test_tab_goes_through_everything_and_the_focus_is_seen(view, thorough):
    page = view(thorough)
    # Few rows, so that the way is not long.
    page.run(
        """() => {
          const { contender, search } = document.getElementById("filters").elements;
          [contender.value, search.value] = ["c_ext", "app/"];
          search.dispatchEvent(new Event("input"));
        }"""
    )
    seen = walk(page, "Tab", "SUMMARY")
    whats = [one["what"] for one in seen]
    assert whats[0].split()[:2] == ["A", "skip"]
    for wanted in [
        " nav",
        "BUTTON theme",
        "INPUT  work",
        "SELECT  installs",
        "BUTTON share",
        "DIV   picture",
        "BUTTON   reveal",
        "SELECT  reference",
        "INPUT  search",
        "INPUT  variants",
        "BUTTON    time",
        "BUTTON    verdict",
        "SUMMARY",
    ]:
        assert any(wanted in what for what in whats), f"{wanted} is not in {whats}"
    assert [one["what"] for one in seen if not one["outline"]] == []
    assert [one["what"] for one in seen if not one["shown"]] == []
    assert [one["what"] for one in seen if one["hidden"]] == []

    back = walk(page, "Shift+Tab", "BUTTON theme")
    assert [one["what"] for one in back if one["hidden"]] == [], "behind the bar"


def test_the_skip_link_skips(view, thorough):
    page = view(thorough)
    link = page.page.locator(".skip")
    assert link.bounding_box()["x"] < 0
    link.focus()
    assert link.bounding_box()["x"] >= 0
    page.follow(page.page.keyboard.press, "Enter")
    assert page.hash == "main"
    page.page.keyboard.press("Tab")
    assert page.run("document.getElementById('main').contains(document.activeElement)")


@pytest.mark.parametrize("key", ["Enter", pytest.param("Space", marks=other_state)])
def test_keys_sort_reveal_and_open(view, thorough, key):
    page = view(thorough)
    sort = page.page.locator("#cases th button[data-key=time]")
    sort.focus()
    page.page.keyboard.press(key)
    assert page.page.get_attribute("#cases th:nth-child(3)", "aria-sort") == "ascending"
    assert page.run("document.activeElement.dataset.key") == "time"
    page.page.keyboard.press(key)
    assert page.page.get_attribute("#cases th:nth-child(3)", "aria-sort") == "descending"

    reveal = page.page.locator("#chart-speed-up .reveal")
    reveal.focus()
    page.page.keyboard.press(key)
    assert reveal.get_attribute("aria-expanded") == "true"
    assert page.page.locator("#table-speed-up").is_visible()

    details = page.page.locator("#regimes details").first
    details.locator("summary").focus()
    page.page.keyboard.press(key)
    assert details.get_attribute("open") is not None
    page.page.keyboard.press(key)
    assert details.get_attribute("open") is None

    page.page.locator("#theme").focus()
    began = page.page.get_attribute("#theme", "aria-pressed")
    page.page.keyboard.press(key)
    assert page.page.get_attribute("#theme", "aria-pressed") != began


def test_keys_choose_and_search(view, thorough):
    page = view(thorough)
    advice = page.advice()
    data = page.page.locator("select[name=data]")
    before = data.input_value()
    data.focus()
    page.page.keyboard.press("ArrowDown")
    assert data.input_value() != before
    assert page.advice() != advice
    advice = page.advice()
    page.page.locator("[name=work]").fill("")
    page.page.keyboard.type("20 ms")
    assert page.advice() != advice

    page.page.locator("[name=search]").focus()
    page.page.keyboard.type("myers")
    assert all("myers" in case for case, _ in page.names())
    # Enter in a search must not send the form.
    page.page.keyboard.press("Enter")
    assert page.chosen("search") == "myers"
    page.page.locator("[name=variants]").focus()
    few = len(page.names())
    page.page.locator("[name=variants]").focus()
    page.page.keyboard.press("Space")
    assert len(page.names()) > few


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_what_scrolls_can_be_scrolled_by_keys(view, thorough, options):
    page = view(thorough, **options)
    page.open_all()
    stuck = page.run(
        """() => [...document.querySelectorAll("body *")].filter((one) => {
          const style = getComputedStyle(one);
          const sideways = /auto|scroll/.test(style.overflowX)
            && one.scrollWidth > one.clientWidth + 1;
          const down = /auto|scroll/.test(style.overflowY)
            && one.scrollHeight > one.clientHeight + 1;
          return (sideways || down) && one.tabIndex < 0 && !one.querySelector("a, button, select");
        }).map((one) => `${one.parentElement.tagName} ${one.tagName} ${one.textContent}`)"""
    )
    assert stuck == []


def test_what_is_read_aloud(view, thorough):
    """Headings without gaps, names for all regions, and news that are announced."""
    page = view(thorough)
    page.open_all()
    levels = page.run(
        "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((h) => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert page.page.get_attribute("#advice", "aria-live") == "polite"
    assert page.page.get_attribute("#count", "role") == "status"
    unnamed = page.run(
        """() => [...document.querySelectorAll("[role=region], section, nav")]
          .filter((one) => !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby"))
          .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert unnamed == []
    assert page.page.get_attribute("html", "lang") == "en"


# --------------------------------------------------------------------------------------- paper


def test_on_paper_there_are_no_controls(view, thorough):
    page = view(thorough, "#case-pair/ascii-8", **DARK)
    page.page.emulate_media(media="print")
    shown = page.run(
        """() => [...document.querySelectorAll("nav, form, select, input, button, .skip, #tip")]
          .filter((one) => one.getClientRects().length && !one.closest("th"))
          .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert shown == []
    # Black on white, even where the screen is dark.
    assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.run("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.run("getComputedStyle(document.querySelector('.picture svg')).filter") == "none"
    hidden = page.run(
        """() => [...document.querySelectorAll("figure.chart svg, .card, #advice, #cases")]
          .filter((one) => !one.getClientRects().length).length"""
    )
    assert hidden == 0


def test_it_can_be_printed(view, thorough):
    page = view(thorough)
    paper = page.page.pdf(format="A4")
    assert paper.startswith(b"%PDF-")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") > 10


def test_nothing_is_cut_off_on_paper(view, thorough):
    # A sheet of A4 inside its margins has 718 pixels. Chromium lays out a page for 4/3 of what
    # there is, and shrinks it.
    page = view(thorough, viewport={"width": 957, "height": 1386})
    page.open_all()
    page.page.emulate_media(media="print")
    wide = page.run(
        """() => [...document.querySelectorAll("table, svg, pre, .card")]
          .map((one) => [one, one.getBoundingClientRect()])
          .filter(([one, box]) => box.width && box.right > innerWidth + 1)
          .map(([one, box]) => `${Math.round(box.right)} px: ${one.closest("[id]")?.id}: `
            + one.textContent.trim().slice(0, 60))"""
    )
    assert wide == []
