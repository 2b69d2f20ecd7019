"""Access: Cedar policies over who may do what, and the last look at every passage."""
