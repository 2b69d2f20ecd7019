"""From files to passages: readers, structure, labels, passages and the indexing workflow."""
