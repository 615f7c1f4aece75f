"""Whose work is whose, in the zip files that learning management systems give out."""

import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.collect import collect
from autograder.course_folder import CourseProblem, api
from autograder.roster import Person, whose
from tests.small_course import NOTEBOOK, WEEK, small_course, submission

ADA = Person("ada", "Ada", "Lovelace", "ada@example.org", "1001")
BYRON = Person("abyron", "Ada", "Byron King", "byron@example.org", "1002")
GAUSS = Person("cg_7", "Carl Friedrich", "Gauß", "gauss@example.org", "1003")
ROSTER = [ADA, BYRON, GAUSS]
WEI, OBRIEN = Person("wei", "伟", "王", "", "1004"), Person("sob", "Seán", "O'Brien", "", "1005")
SMITH, SMITH2 = Person("sj", "John", "Smith", "", "1006"), Person("other", "John", "Smith", "", "1007")


@pytest.mark.parametrize(("path", "person"), [
    ("Ada Lovelace_20815_assignsubmission_file_/02_backprop", ADA),  # Moodle
    ("Lovelace Ada_20815_assignsubmission_file_/02_backprop", ADA),
    ("Carl Friedrich Gauß_20816_assignsubmission_file_/answers/02_backprop", GAUSS),
    ("ADA BYRON KING_1_assignsubmission_file_/02_backprop", BYRON),
    ("lovelaceada_1001_5551_", ADA),  # Canvas
    ("byronkingada_LATE_77_5551_-1", BYRON),
    ("gaußcarlfriedrich_77_5551_final", GAUSS),
    ("week3_cg_7_attempt_2026-11-20-10-00-00_", GAUSS),  # Blackboard
    ("Lovelace_Ada_ada_99/02_backprop", ADA),  # ILIAS
    ("byron@example.org/02_backprop", BYRON),
    ("submitted/abyron/week3/02_backprop", BYRON),
    ("1003/02_backprop", GAUSS),
    ("Ada Augusta_1_assignsubmission_file_/02_backprop", None),  # her id is in the name, but the name is another's
    ("Ada_1_assignsubmission_file_/ada and byron", ADA),
    ("10012_5551_", None),
    ("ada_abyron/shared", ADA),  # what stands further right may be of her choice
    ("Ada Lovelace_2000_assignsubmission_file_/Carl Friedrich Gauß_02_backprop", ADA),
    ("lovelaceada_1001_72_gausscarlfriedrich_02_backprop", ADA),
    ("lovelaceada_1001_72_1002_02_backprop", ADA),
    ("1001_1002/shared", ADA),  # the second number is the hand-in's
    ("55555_1001_5551_02_backprop", None),
    ("王 伟_1001_assignsubmission_file_/02_backprop", WEI),  # Moodle's number is that of the hand-in
    ("Somebody Else_1001_assignsubmission_file_/02_backprop", None),
    ("O’Brien Seán_7_assignsubmission_file_/02_backprop", OBRIEN),
    ("obriensean_77_5551_02_backprop", OBRIEN),  # Canvas
    ("Sean O'Brien - 02_backprop", OBRIEN),
    ("smithjohn_1006_5551_02_backprop", SMITH),
    ("smithjohn_1008_5551_02_backprop", None),
    ("other/Smith John_1006_assignsubmission_file_/02_backprop", SMITH2),
    ("Smith John_1006_assignsubmission_file_/02_backprop", None),
    ("Blaise Pascal_3_assignsubmission_file_/02_backprop", None),
    ("/_", None),
])
def test_the_roster_says_whose_it_is(path, person):
    assert whose(path, [*ROSTER, WEI, OBRIEN, SMITH, SMITH2]) == person


def test_nobody_without_names_is_found_by_an_empty_one():
    assert whose("_/02_backprop", [Person("x")]) is None


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = small_course(tmp_path_factory.mktemp("made") / "course")
    with api(folder).gradebook as gradebook:
        for p in ROSTER:
            gradebook.add_student(p.id, first_name=p.first_name, last_name=p.last_name, email=p.email, lms_user_id=p.lms_user_id)
    return folder


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "course")


def zipped(path: Path, files: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for minute, (name, content) in enumerate(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 10, minute, 0)), content)
    return path


def test_a_class_is_collected(course, tmp_path):
    notebook = nbformat.writes(submission(course))
    done = collect(course, WEEK, zipped(tmp_path / "class.zip", {
        f"Ada Lovelace_1_assignsubmission_file_/{NOTEBOOK}.ipynb": "first",
        f"Ada Lovelace_1_assignsubmission_file_/again/{NOTEBOOK} (2).ipynb": "second",
        "Ada Lovelace_1_assignsubmission_file_/notes.txt": "no notebook",
        f"Ada Lovelace_1_assignsubmission_file_/.ipynb_checkpoints/{NOTEBOOK}.ipynb": "old",
        "Ada Byron King_2_assignsubmission_file_/mine.ipynb": notebook,
        "Nobody Known_3_assignsubmission_file_/mine.ipynb": notebook,
    }))
    assert (course / "submitted" / "ada" / WEEK / f"{NOTEBOOK}.ipynb").read_text() == "second"
    assert (course / "submitted" / "abyron" / WEEK / f"{NOTEBOOK}.ipynb").read_text() == notebook, "known by its cells"
    assert done.nobody == ["Nobody Known_3_assignsubmission_file_/mine.ipynb"]
    assert done.missing == ["cg_7"]
    written = sorted(p.relative_to(course).as_posix() for p in (course / "submitted").rglob("*") if p.is_file())
    assert written == [f"submitted/{s}/{WEEK}/{NOTEBOOK}.ipynb" for s in ("abyron", "ada")]


def test_the_number_in_a_notebooks_name_is_nobodys(course, tmp_path):
    with api(course).gradebook as gradebook:
        gradebook.add_student("zed", lms_user_id=NOTEBOOK.partition("_")[0])
    assert collect(course, WEEK, zipped(tmp_path / "class.zip", {f"{NOTEBOOK}.ipynb": "whose?"})).taken == {}


def test_names_in_a_zip_file_write_nowhere_else(course, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    done = collect(course, WEEK, zipped(tmp_path / "class.zip", {
        "../../ada/../evil.ipynb": "{}", "/ada/evil.ipynb": "{}", f"ada/{WEEK}/../../../nbgrader_config.ipynb": "{}"}))
    assert set(done.taken) <= {"ada"}
    new = {p for p in tmp_path.rglob("*") if p not in before and p.is_file()} - {tmp_path / "class.zip", course / ".grading.lock"}
    assert all(p.parent == course / "submitted" / "ada" / WEEK for p in new)


def test_a_folder_will_do_and_links_in_it_are_not_followed(course, tmp_path):
    folder = tmp_path / "unpacked" / "ada"
    folder.mkdir(parents=True)
    (folder / f"{NOTEBOOK}.ipynb").write_text("hers")
    (tmp_path / "secret").write_text("not hers")
    (tmp_path / "unpacked" / "abyron").mkdir()
    (tmp_path / "unpacked" / "abyron" / f"{NOTEBOOK}.ipynb").symlink_to(tmp_path / "secret")
    assert set(collect(course, WEEK, tmp_path / "unpacked").taken) == {"ada"}


@pytest.mark.parametrize("content", [None, b"", b"no zip file", b"PK\x03\x04 cut off"])
def test_what_is_no_zip_file_is_said(course, tmp_path, content):
    path = tmp_path / "class.zip"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CourseProblem, match="class.zip"):
        collect(course, WEEK, path)


def test_a_link_where_a_notebook_should_be_leads_nowhere(course, tmp_path):
    (elsewhere := tmp_path / "elsewhere").write_text("mine")
    (folder := course / "submitted" / "ada" / WEEK).mkdir(parents=True)
    (folder / f"{NOTEBOOK}.ipynb").symlink_to(elsewhere)
    (folder / f"{NOTEBOOK}.ipynb.part").symlink_to(elsewhere)
    collect(course, WEEK, zipped(tmp_path / "class.zip", {f"ada/{NOTEBOOK}.ipynb": "hers"}))
    assert elsewhere.read_text() == "mine" and (folder / f"{NOTEBOOK}.ipynb").read_text() == "hers"
    assert [p.name for p in folder.iterdir()] == [f"{NOTEBOOK}.ipynb"]
    shutil.rmtree(folder)
    folder.symlink_to(tmp_path)
    with pytest.raises(CourseProblem, match="symbolic link"):
        collect(course, WEEK, zipped(tmp_path / "class.zip", {f"ada/{NOTEBOOK}.ipynb": "hers"}))
    assert not (tmp_path / f"{NOTEBOOK}.ipynb").exists()


def test_what_cannot_be_taken_is_told_and_the_rest_is(course, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.collect.LARGEST", 5000)
    path = zipped(tmp_path / "class.zip", {
        f"ada/{NOTEBOOK}.ipynb": "x" * 5001, f"abyron/{NOTEBOOK}.ipynb": "DAMAGED", f"cg_7/{'long' * 60}.ipynb": "{}"})
    path.write_bytes(path.read_bytes().replace(b"DAMAGED", b"damaged"))
    done = collect(course, WEEK, path)
    assert set(done.left) == {f"ada/{NOTEBOOK}.ipynb", f"abyron/{NOTEBOOK}.ipynb"} and set(done.missing) == {"ada", "abyron"}
    assert "MB" in done.left[f"ada/{NOTEBOOK}.ipynb"] and "CRC" in done.left[f"abyron/{NOTEBOOK}.ipynb"]
    assert [p.parent.parent.name for p in (course / "submitted").rglob("*.ipynb")] == ["cg_7"]


def test_an_empty_roster_is_said(course, tmp_path):
    with api(course).gradebook as gradebook:
        for person in ROSTER:
            gradebook.remove_student(person.id)
    with pytest.raises(CourseProblem, match="nbgrader db student import"):
        collect(course, WEEK, zipped(tmp_path / "class.zip", {}))


def test_of_several_versions_the_newest_is_taken_and_the_others_are_told(course, tmp_path):
    blackboard = f"week3_ada_attempt_2026-11-{{}}-10-00-00_{NOTEBOOK}.ipynb"
    done = collect(course, WEEK, zipped(tmp_path / "class.zip", {
        blackboard.format(21): "second attempt", blackboard.format(20): "first attempt",
        f"abyron/{NOTEBOOK}.ipynb": "first", f"abyron/again/{NOTEBOOK}.ipynb.txt": "second", f"abyron/again/._{NOTEBOOK}.ipynb": "of macOS"}))
    assert {s: (course / "submitted" / s / WEEK / f"{NOTEBOOK}.ipynb").read_text() for s in done.taken} == {
        "ada": "second attempt", "abyron": "second"}
    assert set(done.left) == {blackboard.format(20), f"abyron/{NOTEBOOK}.ipynb"} and all("newer" in why for why in done.left.values())


def test_what_is_no_notebook_is_told_of_those_who_have_none(course, tmp_path):
    done = collect(course, WEEK, zipped(tmp_path / "class.zip", {
        "ada/answers.pdf": "%PDF", f"abyron/{NOTEBOOK}.ipynb": "{}", "abyron/notes.pdf": "%PDF", "somebody/x.pdf": "%PDF"}))
    assert set(done.left) == {"ada/answers.pdf"} and set(done.taken) == {"abyron"}
    done = collect(course, WEEK, zipped(tmp_path / "more.zip", {f"ada/{NOTEBOOK}.ipynb": "{}"}))
    assert done.missing == ["cg_7"], "what was collected before is not missing"


@pytest.mark.parametrize("name", ["../evil", "a/b", " ada "])
def test_an_id_that_is_no_name_of_a_folder_is_refused(course, tmp_path, name):
    with api(course).gradebook as gradebook:
        gradebook.add_student(name)
    with pytest.raises(CourseProblem, match="cannot be the name of a folder"):
        collect(course, WEEK, zipped(tmp_path / "class.zip", {f"ada/{NOTEBOOK}.ipynb": "{}"}))
