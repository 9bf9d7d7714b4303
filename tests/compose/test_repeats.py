from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from copylab.compose.repeats import find_repeats

names = st.lists(
    st.one_of(st.none(), st.sampled_from(["u1", "u2", "", "张", "u1\0"]), st.text()),
    max_size=40,
)


def expected(users: list[str | None]) -> dict[int, int]:
    firsts: dict[str, int] = {}
    found = {}
    for row, name in enumerate(users):
        if name is not None and firsts.setdefault(name, row) != row:
            found[row] = firsts[name]
    return found


@given(names, st.integers(1, 7))
def test_each_repeat_names_the_first_row_of_its_user(
    users: list[str | None], size: int
) -> None:
    batches = [(row, users[row : row + size]) for row in range(0, len(users), size)]
    with TemporaryDirectory() as folder:
        found = find_repeats(batches, Path(folder))
    assert found.between(0, len(users)) == expected(users)
    assert found.rows.tolist() == sorted(expected(users))


def test_what_is_spilled_to_files_is_found(tmp_path: Path) -> None:
    """So many that every share outgrows what is held in memory; none stays there."""
    count = 800_000
    half = [f"u{i}" for i in range(count)]
    found = find_repeats([(0, half), (count, ["u7", None, "new", "u799999"])], tmp_path)
    assert found.between(0, 2 * count) == {count: 7, count + 3: 799_999}
    assert found.between(count + 1, 2 * count) == {count + 3: 799_999}
    assert not list(tmp_path.iterdir())
