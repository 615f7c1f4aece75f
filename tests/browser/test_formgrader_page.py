"""The course folder in formgrader, as an instructor sees it."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(600)


def test_formgrader_lists_the_released_week(page, serve, working_copy: Path, tmp_path: Path):
    course = working_copy.parent
    server = serve(course, "--formgrader")
    page.goto(f"{server.url}/?token=a-token-for-the-tests")
    page.wait_for_url("**/formgrader**")
    row = page.locator("tr", has=page.locator("td.name", has_text="week3"))
    row.wait_for()
    assert row.count() == 1
    assert "released" in row.locator("td.status").inner_text() or "draft" in row.locator("td.status").inner_text()
    page.screenshot(path=tmp_path / "formgrader.png")
