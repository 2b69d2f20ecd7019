"""A patient's chart and a matter, made from what is stored for each who asks; nothing of it is kept."""
