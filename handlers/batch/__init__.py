"""Many filings in one message or one workbook."""
