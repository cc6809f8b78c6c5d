"""What people read: the schedule workbook, the JSON document, the terminal summary."""
