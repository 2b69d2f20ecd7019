"""Sample documents that we wrote ourselves, and the questions that the demo asks of them."""
