"""One module for each format. Equal content gives equal bytes: no clock, no random id, no order of a dictionary."""
