"""Looking at what people say of answers: a queue, decisions, and cases for evaluation."""
