"""The measure of tables, against counts by hand."""

from support.grid_measure import cells_right, pipe_tables, wrong_cells

EXPECTED = [["", "2022", "2023"], ["Sales", "10", "12"], ["Cost", "7", "8"]]


def test_a_table_without_a_fault_is_right_in_all_cells() -> None:
    assert cells_right(EXPECTED, [[["x"]], EXPECTED]) == (8, 8)


def test_a_title_above_and_a_blank_column_do_no_harm() -> None:
    found = [["Results", "", "", ""], ["", "", "2022", "2023"], ["Sales", "", "10", "12"], ["Cost", "", "7", "8"]]
    assert cells_right(EXPECTED, [found]) == (8, 8)


def test_two_columns_run_into_one_are_wrong() -> None:
    found = [["", "2022 2023"], ["Sales", "10 12"], ["Cost", "7 8"]]
    assert cells_right(EXPECTED, [found]) == (2, 8)


def test_a_cell_in_the_wrong_column_is_wrong() -> None:
    found = [["", "2022", "2023"], ["Sales", "12", "10"], ["Cost", "7", "8"]]
    assert wrong_cells(EXPECTED, [found]) == [(1, 1, "10"), (1, 2, "12")]


def test_rows_in_another_order_are_right_on_one_side_only() -> None:
    assert cells_right([["a", "b"], ["c", "d"]], [[["c", "d"], ["a", "b"]]]) == (2, 4)


def test_no_table_is_right_in_no_cell() -> None:
    assert cells_right(EXPECTED, []) == (0, 8)


def test_pipe_tables_are_read_without_the_line_below_the_heads() -> None:
    markdown = "Text\n\n| a \\| b | c |\n| :-- | - |\n| &lt;d | |\n\nmore"
    assert list(pipe_tables(markdown)) == [[["a | b", "c"], ["<d", ""]]]
