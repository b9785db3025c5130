"""Which files are read, and which are refused, with a reason a user can act on."""

from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.read import find_sources, read_article
from kg.read.limits import MAX_BYTES


def test_a_folder_gives_its_readable_files_in_order(tmp_path: Path) -> None:
    for name in ("b/二.html", "b/一.txt", "a.md", "c.png", ".hidden/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("晋安区", "utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in find_sources([tmp_path])]
    assert found == ["a.md", "b/一.txt", "b/二.html"]


def test_a_file_named_twice_comes_once(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("晋安区", "utf-8")
    assert list(find_sources([path, tmp_path, str(path)])) == [path]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\r\n", "empty"),
        ("image.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20, "binary"),
        ("data.bin", b"abc", "no format"),
        ("empty.html", b"<html><head></head><body></body></html>", "no article"),
        ("byte order mark.txt", b"\xef\xbb\xbf", "no text"),
    ],
)
def test_what_is_no_article_is_refused_with_its_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadError, match=reason) as caught:
        read_article(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_disappeared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be read"):
        read_article(tmp_path / "gone.txt")


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)  # sparse: one line of two gigabytes
    assert path.stat().st_size > MAX_BYTES
    with pytest.raises(ReadError, match="over the limit"):
        read_article(path)
