"""The figures in a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.figures import Run
from benchmarks.report import BEGIN, END, Measured, write_figures


def run(requests: int) -> Run:
    """A run of one second."""
    return Run(requests=requests, bytes=requests, microseconds=1_000_000, failed=0, p50=4_500, p99=9_250)


def test_a_selection_has_a_row_for_each_server_with_ours_first() -> None:
    measured = Measured(
        selection="one",
        runs={"Customer 360": [run(1_500), run(1_600), run(1_400)], "Peer": [run(500), run(400), run(700)]},
        sizes={"Customer 360": 5_947, "Peer": 5_630},
        statements=1,
        same={"equal": 84_059, "masked": 3},
    )

    assert list(measured.rows()) == [
        ("one", "Customer 360", "1,500", "4.5", "9.2", "5,947", ""),
        ("", "Peer", "500", "4.5", "9.2", "5,630", "3.00 × (2.00–4.00)"),
    ]
    assert measured.agreement() == "84,059 equal, 3 masked"


def test_figures_replace_those_between_the_marks_and_nothing_else(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")

    write_figures(document, "new")

    assert document.read_text(encoding="utf-8") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}{BEGIN}"])
def test_a_document_without_marks_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    document = tmp_path / "performance.md"
    document.write_text(text, encoding="utf-8")

    with pytest.raises(BenchmarkError, match="no place for figures"):
        write_figures(document, "new")

    assert document.read_text(encoding="utf-8") == text
