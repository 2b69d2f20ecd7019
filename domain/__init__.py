"""The words of Consilium: frozen nouns, ports and errors; standard library only."""
