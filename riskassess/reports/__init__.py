"""One frozen ReportContent; page, PDF and workbook are its faces."""
