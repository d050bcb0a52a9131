"""A full backup of Todoist: a zip of projects."""

import io
import struct
import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.features.imports.files import zip_file
from taskflow.features.imports.reading import Reading, Refused
from taskflow.features.imports.report import render
from taskflow.features.imports.todoist.file import read
from tests.features.imports.todoist.test_files import FORMS, HEADER, remarks


def packed(folder: Path, **files: str | bytes) -> Path:
    """A backup of these projects."""
    path = folder / "Todoist backup.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return path


def reading(path: Path) -> Reading:
    return read(path, lambda _done, _whole: None)


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        reading(path)
    assert str(refused.value).isprintable()
    return str(refused.value)


def test_each_csv_is_a_project_of_its_own(tmp_path: Path) -> None:
    home = f"{HEADER}\ntask,milk @shop\ntask,bread,,,2\nsection,Garden\ntask,dig"
    files = {
        "Home [2203306141].csv": home,
        "sub/Work.csv": f"\ufeff{HEADER}\ntask,milk @Shop\nmeta,x",
        "notes.txt": "a",
    }

    found = reading(packed(tmp_path, **files))

    names = {project.key: project.name for project in found.projects}
    assert [(task.title, names[task.project or ""], task.file) for task in found.tasks] == [
        ("milk", "Home", "Home [2203306141].csv"),
        ("bread", "Home", "Home [2203306141].csv"),
        ("dig", "Home", "Home [2203306141].csv"),
        ("milk", "Work", "sub/Work.csv"),
    ]
    assert len({task.key for task in found.tasks}) == 4
    assert [label.name for label in found.labels.values()] == ["shop"]
    assert render(found, made={task.key for task in found.tasks}, already=set()).splitlines() == [
        "4 tasks made: Home [2203306141].csv lines 2-5; sub/Work.csv line 2",
        "2 left out:",
        "  notes.txt: left out: it is no CSV of a project",
        '  sub/Work.csv: line 3: "x" left out: how a project is shown is not kept in it',
    ]


def test_a_backup_and_the_export_of_one_of_its_projects_have_the_same_keys(tmp_path: Path) -> None:
    older = (FORMS / "older.csv").read_bytes()
    single = tmp_path / "Home.csv"
    single.write_bytes(older)

    backup = reading(packed(tmp_path, **{"Work [1234567].csv": older, "Home [2203306141].csv": older}))

    keys = {task.key for task in backup.tasks if task.file.startswith("Home")}
    assert {task.key for task in reading(single).tasks} == keys


def test_two_projects_of_one_name_are_two(tmp_path: Path) -> None:
    files = {"Home [1234567].csv": f"{HEADER}\ntask,a", "Home [7654321].csv": f"{HEADER}\ntask,a"}

    found = reading(packed(tmp_path, **files))

    assert len({project.key for project in found.projects}) == 2
    assert len({task.key for task in found.tasks}) == 2


def test_a_wrong_line_in_one_project_refuses_the_whole_file(tmp_path: Path) -> None:
    path = packed(tmp_path, **{"A.csv": f"{HEADER}\ntask,a", "sub/B.csv": f"{HEADER}\ntask,a\ntask,b,,9"})

    assert refusal(path) == 'sub/B.csv: line 3: PRIORITY is "9", not 1, 2, 3 or 4'


def test_a_name_that_is_utf_8_and_does_not_say_so_is_read_as_it_was_meant(tmp_path: Path) -> None:
    path = packed(tmp_path, **{"AAAAA.csv": f"{HEADER}\ntask,a"})
    path.write_bytes(path.read_bytes().replace(b"AAAAA.csv", "Häus".encode() + b".csv"))

    assert [project.name for project in reading(path).projects] == ["Häus"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "the zip has no CSV in it"),
        ({"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"}, "the zip has no CSV in it"),
        ({"inner.zip": b"PK\x03\x04"}, "the zip has no CSV in it"),
        ({"__MACOSX/._Home.csv": b"\0\0"}, "the zip has no CSV in it"),
        ({"A.csv": ""}, "A.csv: it is empty"),
        ({"A.csv": f"{HEADER}\n".encode("utf-16")}, "A.csv: line 1: it is written in UTF-16"),
        ({"A.csv": f"{HEADER}\n" + ",\n" * 3_000_000}, "A.csv: it unpacks to more than 200 times its size"),
        ({f"{n}.csv": b"\xff" for n in range(5_001)}, "the zip has more than 5,000 files in it"),
        ({"a\x1b[2J.csv": "x"}, "a\\u001b[2J.csv: line 1: the header has no column TYPE"),
    ],
)
def test_a_zip_that_can_not_be_taken_is_refused_in_one_line(
    tmp_path: Path, files: dict[str, str | bytes], said: str
) -> None:
    assert refusal(packed(tmp_path, **files)).startswith(said)


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_file, "RATIO_MOST", 2_000)
    bomb = b"x" * (40 << 20)
    path = packed(tmp_path, **{"A.csv": f"{HEADER}\n".encode() + b",\n" * (20 << 20), "B.csv": bomb})

    assert refusal(path) == "it unpacks to more than 64 MiB"


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, **{"A.csv": f"{HEADER}\n" + ",\n" * 3_000_000})
    content, small = path.read_bytes(), struct.pack("<I", 100)

    path.write_bytes(content.replace(struct.pack("<I", len(HEADER) + 1 + 6_000_000), small))

    assert refusal(path).startswith(("A.csv: ", "the zip file is broken"))


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, **{"A.csv": f"{HEADER}\ntask,a"})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)

    assert refusal(path) == "A.csv: it is encrypted: unpack the zip, and pack it without a password"


def test_a_zip_with_a_list_of_files_too_long_to_be_read_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, **{"A.csv": f"{HEADER}\ntask,a"})
    content = bytearray(path.read_bytes())
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<I", 1 << 30)
    path.write_bytes(content)

    assert refusal(path) == "the zip lists too many files"


def test_half_of_a_zip_is_a_broken_zip(tmp_path: Path) -> None:
    path = packed(tmp_path, **{"A.csv": f"{HEADER}\n" + "task,a\n" * 1_000})
    content = path.read_bytes()

    path.write_bytes(content[: len(content) // 2])

    assert refusal(path) == "the zip file is broken (it has no list of its files, as when it came only in part)"


WHOLE = io.BytesIO()
with ZipFile(WHOLE, "w", ZIP_DEFLATED) as backup:
    for form in sorted(FORMS.glob("*.csv")):
        backup.write(form, form.name)


@settings(max_examples=300, deadline=None)
@given(data=some.data())
def test_a_backup_broken_anywhere_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: some.DataObject
) -> None:
    content = bytearray(WHOLE.getvalue())
    for _ in range(data.draw(some.integers(1, 4))):
        at = data.draw(some.integers(0, len(content)))
        gone = data.draw(some.integers(0, 20))
        content[at : at + gone] = data.draw(some.binary(max_size=20))
    path = tmp_path_factory.mktemp("broken") / "backup.zip"
    path.write_bytes(content)

    found, refused = outcome(path)

    assert refused is None or str(refused).isprintable()
    if found:
        assert render(found, made={task.key for task in found.tasks}, already=set())
        assert all(line.isprintable() for line in remarks(found))


def outcome(path: Path) -> tuple[Reading | None, Refused | None]:
    try:
        return reading(path), None
    except Refused as refused:
        return None, refused


def test_a_checksum_that_is_wrong_is_told(tmp_path: Path) -> None:
    content = f"{HEADER}\ntask,a"
    path = packed(tmp_path, **{"A.csv": content})
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", zlib.crc32(content.encode())), b"abcd"))

    assert refusal(path).startswith("A.csv: the zip file is broken")
