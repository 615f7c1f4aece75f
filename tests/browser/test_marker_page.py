"""What students wrote, in the browser of whoever marks it: formgrader and the feedback page."""

from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

from autograder.class_run import feedback_class, grade_class
from tests.browser.payloads import ATTACHMENTS, CODE, FOREIGN, HONEST, MARKDOWN, PICTURE

pytestmark = pytest.mark.timeout(900)
NOTEBOOK = "02_backprop"
OWN_SCRIPTS = {"cdnjs.cloudflare.com"}  # MathJax and jQuery, as nbconvert's own template asks for them


def hand_in(working_copy: Path, student: str) -> None:
    nb = nbformat.read(working_copy / "week3" / f"{NOTEBOOK}.ipynb", as_version=4)
    texts = iter(MARKDOWN.values())
    for cell in nb.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade_id") == "relu_backward-code":
            cell.source = ("class Liar:\n    def __str__(self): return \"<script>taken('card')</script> $\\\\href{javascript:taken(2)}{x}$\"\n"
                           "def relu_backward(grad_out, x):\n    raise ValueError(Liar())")
        elif meta.get("solution") and cell.cell_type == "markdown":
            cell.source = next(texts)
        elif "experiment" in cell.metadata.get("tags", []):
            cell.outputs = [nbformat.v4.new_output("display_data", data={
                "text/html": "<script>taken('experiment')</script>", "image/svg+xml": "<svg onload=taken('experiment svg')>",
                "image/png": "\"><script>taken('picture')</script>", "application/javascript": "taken('experiment javascript')",
                "text/plain": "<script>taken('plain')</script>"}, metadata={"image/png": {"alt": "\"><script>taken('alt')</script>"}})]
        cell.metadata["name"] = "<script>taken('metadata')</script>"
    for text in texts:
        cell = nbformat.v4.new_markdown_cell(text)
        cell["attachments"] = ATTACHMENTS
        nb.cells.append(cell)
    nb.cells += [nbformat.v4.new_code_cell(source) for source in CODE.values()]
    nb.cells.append(nbformat.v4.new_raw_cell("<script>taken('raw')</script>", metadata={"raw_mimetype": "text/html", "format": "text/html"}))
    honest = nbformat.v4.new_markdown_cell(HONEST)
    honest["attachments"] = {"plot.png": {"image/png": PICTURE}}
    nb.cells.append(honest)
    nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": "</script><script>taken('widgets')</script>"}}
    nb.metadata["title"] = "<script>taken('title')</script>"
    folder = working_copy.parent / "submitted" / student / "week3"
    folder.mkdir(parents=True)
    # a wrong name, which the notes quote
    nbformat.write(nb, folder / f"{NOTEBOOK} <img src=x onerror=taken('name')> ![a]({FOREIGN.replace('/', ':')}).ipynb".replace("/", ":"))


def watch(page, server: str) -> list[str]:
    """Note everything that a page does which a student could have made it do; nothing leaves this machine."""
    seen: list[str] = []

    def asked(route):
        host = urlsplit(route.request.url).netloc
        if route.request.url.startswith((server, "file:", "data:")):
            route.continue_()
            return
        if host not in OWN_SCRIPTS:
            seen.append(f"asked for {route.request.url}")
        route.abort()

    page.expose_function("taken", lambda *what: seen.append(f"ran {what}"))
    page.context.route("**/*", asked)
    page.on("dialog", lambda dialog: (seen.append("a dialog"), dialog.dismiss()))
    page.context.on("page", lambda other: seen.append(f"opened {other.url}"))
    return seen


def press_everything(page) -> None:
    """Press every link of the student's text, unfold everything, and point at everything."""
    page.evaluate("""() => {
        for (const node of document.querySelectorAll(".text_cell_render *, .output_area *")) {
            node.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
            if (node.tagName === "A" && !/^https?:/.test(node.href)) node.click();
            if (node.tagName === "DETAILS") node.open = true;
        }
    }""")
    page.wait_for_timeout(1000)


def active_parts(page) -> list[str]:
    """List what a student's text has left on the page that could do something."""
    return page.evaluate("""() => [...document.querySelectorAll(".text_cell_render *, .output_area *, .input_area *")].filter(n =>
        ["SCRIPT", "STYLE", "IFRAME", "OBJECT", "EMBED", "FORM", "INPUT", "BUTTON", "SVG", "LINK", "META", "BASE", "VIDEO"].includes(n.tagName.toUpperCase())
        && !n.classList.contains("score") && !n.closest(".panel-heading")
        || [...n.attributes].some(a => a.name.startsWith("on") || a.name === "id" || a.name.startsWith("data-t"))
        || getComputedStyle(n).position === "fixed").map(n => n.outerHTML.slice(0, 200))""")


def test_no_script_of_a_student_runs_and_what_is_honest_is_shown(page, browser, serve, working_copy: Path, tmp_path: Path):
    course = working_copy.parent
    hand_in(working_copy, "mallory")
    (result,) = grade_class(course, "week3")
    assert result.score == 0.0
    assert any("looks like a card" in line for line in result.for_instructor), "the faked card is told to the instructor"
    server = serve(course, "--formgrader")
    page.goto(f"{server.url}/?token=a-token-for-the-tests")
    page.wait_for_url("**/formgrader**")
    seen = watch(page, server.url)
    page.goto(f"{server.url}/formgrader/gradebook/week3/{NOTEBOOK}")
    page.locator("td.name a").first.click()
    page.locator("div.course-check").first.wait_for()
    check(page, seen, tmp_path / "formgrader.png")
    assert page.locator("input.score").count() >= 5, "marks can be given"

    (path,) = [p for p in feedback_class(course, "week3") if p.stem == NOTEBOOK]
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    other = context.new_page()
    seen = watch(other, "file:")
    other.goto(path.as_uri(), wait_until="domcontentloaded")
    other.locator("div.course-check").first.wait_for()
    check(other, seen, tmp_path / "feedback.png")
    context.close()


def check(page, seen: list[str], picture: Path) -> None:
    press_everything(page)
    page.screenshot(path=picture, full_page=True)
    assert seen == []
    assert [n for n in active_parts(page) if "course-check" not in n] == []
    card = page.locator('div.course-check[data-state="wrong"]')
    assert card.count() == 1 and "raised ValueError" in card.inner_text()
    text = page.locator("body").inner_text()
    assert "the part that unfolds" in text and "def honest(x):" in text and "taken('source')" in text
    assert page.locator("td", has_text="0.25").count() >= 1
    assert page.locator('img[alt="a picture"]').evaluate("image => image.naturalWidth") == 1
    assert page.locator('a[href="https://arxiv.org/abs/1502.03167"]').count() == 1
    assert "looks like a card" not in text, "and to the instructor alone"
    assert r"\frac{1}{N}" in text, "MathJax, which is not here, would find it"
    assert page.locator("text=Notes from grading").count() == 1
