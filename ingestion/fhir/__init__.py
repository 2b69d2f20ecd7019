"""FHIR: resources in, short readable sections out. No vendor library: a tolerant walk reads what validators refuse."""
