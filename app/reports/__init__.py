"""Reports in batches: templates in, checked answers with their quotes out, one for each patient, matter or contract."""
