"""Patching a user's own workbook file: only the bytes that must change do, all others are copied."""
