"""The input workbook: its layout, and reading and writing it."""
