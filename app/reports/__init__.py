"""Reports in batches: templates in, checked answers with their quotes out, one file for each patient, matter or contract."""
