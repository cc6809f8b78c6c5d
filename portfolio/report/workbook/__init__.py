"""The schedule workbook: one module per sheet, put together by `book`."""
